// Judges how the manager speaks to its servers with the client scenarios of the official suite: see README.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { running, start } from './lib/manager.mjs';
import { mustBeInstalled, scenarios, suite } from './lib/suite.mjs';

const ERAS = ['legacy', 'modern'];
const SPECS = ['2025-11-25', '2026-07-28'];
const usage = `usage: node client.mjs [BASE-URL | direct] [--spec REVISION,REVISION] [--client legacy,modern] [--scenario NAME,NAME]
  BASE-URL    of a manager that runs; MCP_KEY in the environment is its admin key. Without it one is started with payara/run.sh.
              direct: no manager, as a comparison
  --spec      what the suite's server speaks: ${SPECS} by default
  --client    what the clients of the manager speak: ${ERAS} by default
  --scenario  only these`;

let manager;
try {
    const { values: options, positionals: [base] } = parseArgs({
        allowPositionals: true,
        options: { spec: { type: 'string', default: SPECS.join() }, client: { type: 'string', default: ERAS.join() }, scenario: { type: 'string' } }
    });
    const specs = options.spec.split(',');
    const clients = options.client.split(',');
    if (specs.some(spec => !SPECS.includes(spec)) || clients.some(era => !ERAS.includes(era))) throw new Error(usage);
    mustBeInstalled();
    manager = base === undefined ? await start() : base === 'direct' ? undefined : running(base, process.env.MCP_KEY);
    for (const spec of specs) for (const era of clients) await judge(spec, era, options.scenario?.split(','));
} catch (error) {
    console.error(error.message);
    process.exitCode = 2;
} finally {
    await manager?.stop();
}
process.exit();

async function judge(spec, era, only) {
    const driver = fileURLToPath(new URL('lib/driver.mjs', import.meta.url));
    const out = mkdtempSync(join(tmpdir(), 'conformance-'));
    // auth/* judge a client that logs in to its servers, which the manager does not
    const names = only ?? scenarios(spec, 'client', 'all').filter(name => !name.startsWith('auth/'));
    const failed = [];
    for (const name of names) {
        const text = await suite(
            ['client', '--command', `${process.execPath} ${driver}`, '--scenario', name, '--spec-version', spec, '--timeout', '60000', '-o', out],
            { DRIVER_BASE: manager?.base ?? '', DRIVER_KEY: manager?.key ?? '', DRIVER_ERA: era });
        const folder = readdirSync(out).filter(one => one.startsWith(`${name}-2`)).sort().at(-1);
        const checks = folder ? JSON.parse(readFileSync(join(out, folder, 'checks.json'), 'utf8')) : [];
        const bad = checks.filter(({ status }) => status === 'FAILURE').map(check => `${check.id}: ${check.errorMessage ?? check.description}`);
        const driven = !/driver: /.test(text) && checks.some(({ status }) => status === 'SUCCESS');
        if (bad.length || !driven) failed.push(`FAILED ${name}: ${bad.join('\n       ') || text.trim()}`);
    }
    rmSync(out, { recursive: true });
    console.log(`${names.length - failed.length} passed, ${failed.length} failed (${spec} server, ${era} client)`);
    for (const failure of failed) console.log(failure);
    if (failed.length) process.exitCode = 1;
}
