// Judges one MCP endpoint with the official conformance suite: see README.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withHeaders } from './lib/proxy.mjs';

const usage = `usage: node run.mjs URL [--spec REVISION] [--scenario NAME,NAME] [--out DIR]
  MCP_KEY in the environment is sent as "Authorization: Bearer"
  --spec      2025-11-25 (default) or 2026-07-28: the set of scenarios that this revision requires
  --scenario  only these
  --out       where the raw results go (default: a new temporary directory)`;
const { values: options, positionals: [target] } = parseArgs({
    allowPositionals: true,
    options: { spec: { type: 'string', default: '2025-11-25' }, scenario: { type: 'string' }, out: { type: 'string' } }
});
if (!target) quit(usage);

const suite = fileURLToPath(new URL('node_modules/@modelcontextprotocol/conformance/', import.meta.url));
const loader = new URL('lib/node20.mjs', import.meta.url).href;
const requirements = join(suite, 'requirements', `${options.spec}.yaml`);
if (!existsSync(suite)) quit(`${suite} is missing: run "npm ci" first`);
if (!existsSync(requirements)) quit(`--spec: ${options.spec} (expected: ${readdirSync(join(suite, 'requirements')).join(', ')})`);
const required = /^server:\n((?: {2}- .*\n)+)/m.exec(readFileSync(requirements, 'utf8'))[1].match(/\S+$/gm);
const out = options.out ?? mkdtempSync(join(tmpdir(), 'conformance-'));

const key = process.env.MCP_KEY;
const proxy = key ? await withHeaders(target, { authorization: `Bearer ${key}` }) : { url: target, close() {} };
await mustInitialize('before the run');
const wanted = options.scenario?.split(',');
const results = new Map();
if (wanted) for (const name of wanted) read(await judge('--scenario', name, '--spec-version', options.spec), name);
else read(await judge('--requirements', options.spec));
// A dead endpoint still passes the scenarios that only warn.
await mustInitialize('after the run');
proxy.close();
report();

function judge(...scope) {
    return new Promise((resolve, reject) => {
        const args = ['--import', loader, join(suite, 'dist', 'index.js'), 'server', '--url', proxy.url, ...scope, '-o', out];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MCP_KEY: '' } });
        let text = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', part => { text += part; });
        child.on('error', reject).on('close', () => resolve(text));
    });
}

function read(text, single) {
    if (single) {
        const [, passed, failed] = /^Passed: (\d+)\/\d+, (\d+) failed/m.exec(text) ?? [];
        results.set(single, { passed: Number(passed ?? 0), failed: Number(failed ?? 1), text });
    }
    for (const [, name, passed, failed] of text.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed$/gm))
        results.set(name, { passed: Number(passed), failed: Number(failed), text: '' });
    if (!results.size) quit(`the suite judged nothing; its words:\n${text}`);
}

function report() {
    const scored = wanted ?? required;
    const failed = scored.filter(name => !(results.get(name)?.failed === 0 && results.get(name).passed > 0));
    console.log(`${scored.length - failed.length} passed, ${failed.length} failed (${options.spec}, ${target})`);
    for (const name of failed) console.log(`FAILED ${name}: ${reasons(name).join('\n       ')}`);
    const optional = [...results].filter(([name, r]) => !scored.includes(name) && r.failed);
    for (const [name] of optional) console.log(`failed, not required ${name}: ${reasons(name).join('\n       ')}`);
    process.exitCode = failed.length ? 1 : 0;
    if (failed.length || options.out) console.log(`raw results: ${out}`);
    else rmSync(out, { recursive: true });
}

function reasons(name) {
    const run = readdirSync(out).filter(dir => dir.startsWith(`server-${name}-2`)).sort().at(-1);
    const checks = run ? JSON.parse(readFileSync(join(out, run, 'checks.json'), 'utf8')) : [];
    const bad = checks.filter(check => check.status === 'FAILURE').map(check => `${check.id}: ${check.errorMessage ?? check.description}`);
    return bad.length ? bad : [results.get(name)?.text.trim() || 'the suite reported no check'];
}

async function mustInitialize(when) {
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'pulse', version: '1' } };
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
    try {
        const answer = await fetch(proxy.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) });
        const text = await answer.text();
        if (!answer.ok) quit(`${target} answered initialize with ${answer.status} ${when}: ${text.slice(0, 500)}`);
        const session = answer.headers.get('mcp-session-id');
        if (session) await fetch(proxy.url, { method: 'DELETE', headers: { 'mcp-session-id': session } });
    } catch (error) {
        quit(`${target} did not answer initialize ${when}: ${error.cause?.message ?? error.message}`);
    }
}

function quit(message) {
    console.error(message);
    process.exit(2);
}
