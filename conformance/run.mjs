// Judges one MCP endpoint with the official conformance suite: see README.md.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { load } from './lib/load.mjs';
import { judge, mustBeInstalled, revisions } from './lib/suite.mjs';

const usage = `usage: node run.mjs URL [--spec REVISION] [--set required|all] [--scenario NAME,NAME] [--strict] [--rounds N] [--load N] [--out DIR]
  MCP_KEY in the environment is sent as "Authorization: Bearer"
  --spec      2025-11-25 (default) or 2026-07-28: how the suite speaks, and the scenarios that this revision requires
  --set       all: those too that the revision does not require (pending ones, tasks, skills)
  --scenario  only these
  --strict    a warning fails its scenario
  --rounds    how often, 1 by default; the first bad one ends it
  --load      so many clients call without a pause meanwhile
  --out       where the raw results go (default: a temporary directory that is removed)`;
try {
    const { values: options, positionals: [url] } = parseArgs({
        allowPositionals: true,
        options: {
            spec: { type: 'string', default: '2025-11-25' }, set: { type: 'string', default: 'required' }, scenario: { type: 'string' },
            strict: { type: 'boolean', default: false }, rounds: { type: 'string', default: '1' }, load: { type: 'string', default: '0' },
            out: { type: 'string' }
        }
    });
    if (!url) throw new Error(usage);
    mustBeInstalled();
    if (!revisions().includes(options.spec)) throw new Error(`--spec: ${options.spec} (expected: ${revisions().join(', ')})`);
    if (!['required', 'all'].includes(options.set)) throw new Error(`--set: ${options.set} (expected: required or all)`);
    for (let round = 1; round <= Number(options.rounds) && !process.exitCode; round++) await one(url, options, round);
} catch (error) {
    console.error(error.message);
    process.exitCode = 2;
}

async function one(url, options, round) {
    const key = process.env.MCP_KEY;
    const stop = load(url, options.spec, key, Number(options.load));
    const task = { ...options, url, key, only: options.scenario?.split(','), out: options.out && join(options.out, `round-${round}`) };
    const { scored, failed, idle, optional, out } = await judge(task).finally(stop);
    const { calls, failures } = await stop();
    console.log(`${scored.length - failed.length} passed, ${failed.length} failed (${options.spec}, ${url})`);
    for (const { name, reasons } of failed) console.log(`FAILED ${name}: ${reasons.join('\n       ')}`);
    for (const { name, reasons } of optional) console.log(`failed, not required ${name}: ${reasons.join('\n       ')}`);
    if (idle.length) console.log(`skipped by the suite: ${idle.join(', ')}`);
    if (Number(options.load)) console.log(`load: ${calls} calls, ${failures.length} of ${options.load} clients failed ${failures.join('\n       ')}`);
    if (options.out) console.log(`raw results: ${out}`);
    if (failed.length || failures.length) process.exitCode = 1;
}
