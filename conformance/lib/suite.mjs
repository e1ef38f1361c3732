// Runs the server scenarios of the official suite against one endpoint.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withHeaders } from './proxy.mjs';
import { pulse } from './wire.mjs';

const home = fileURLToPath(new URL('../node_modules/@modelcontextprotocol/conformance/', import.meta.url));
const loader = new URL('node20.mjs', import.meta.url).href;
/** Extensions that the requirements of no revision name. */
const SKILLS = ['directory', 'enumeration', 'manifest'].map(name => `sep-2640-skills-${name}`);

export const revisions = () => readdirSync(join(home, 'requirements')).map(file => file.replace('.yaml', ''));

export function scenarios(spec, side, set) {
    const text = readFileSync(join(home, 'requirements', `${spec}.yaml`), 'utf8');
    const required = new RegExp(`^${side}:\\n((?: {2}- .*\\n)+)`, 'm').exec(text)[1].match(/\S+$/gm);
    if (set !== 'all') return required;
    const more = [...text.matchAll(/- scenario: (\S+)\n {4}leg: (\S+)/g)].filter(([, , leg]) => leg === side).map(([, name]) => name);
    return [...required, ...more, ...(side === 'server' && spec >= '2026-07-28' ? SKILLS : [])];
}

export function mustBeInstalled() {
    if (!existsSync(home)) throw new Error(`${home} is missing: run "npm ci" first`);
}

/** Runs the suite's command; whatever it prints. */
export function suite(args, environment = {}) {
    return new Promise((resolve, reject) => {
        const all = ['--import', loader, join(home, 'dist', 'index.js'), ...args];
        const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MCP_KEY: '', ...environment } });
        let text = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', part => { text += part; });
        child.on('error', reject).on('close', () => resolve(text));
    });
}

/**
 * @param task {url, key, spec, set, only, strict, out}: only is a list of scenarios, strict lets warnings fail theirs
 * @returns {scored, failed, idle, optional, out}: failed and optional are lists of {name, reasons}; idle is what the suite skipped
 *     without being required to run it
 */
export async function judge(task) {
    const { key, spec, only, strict = false } = task;
    const set = task.set ?? 'required';
    const out = task.out ?? mkdtempSync(join(tmpdir(), 'conformance-'));
    const proxy = key ? await withHeaders(task.url, { authorization: `Bearer ${key}` }) : { url: task.url, close() {} };
    try {
        await pulse(proxy.url, spec);
        const results = await run(proxy.url, spec, only ?? scenarios(spec, 'server', set), only, out);
        // A dead endpoint still passes the scenarios that only warn.
        await pulse(proxy.url, spec);
        const required = scenarios(spec, 'server', 'required');
        return { ...summary(results, only ?? scenarios(spec, 'server', set), required, strict, out), out };
    } finally {
        proxy.close();
        if (!task.out) rmSync(out, { recursive: true });
    }
}

async function run(url, spec, wanted, only, out) {
    const results = new Map();
    const one = async name => {
        const version = /^(tasks|sep-2640)-/.test(name) ? [] : ['--spec-version', spec];
        const text = await suite(['server', '--url', url, '--scenario', name, ...version, '-o', out]);
        const [, passed, failed] = /^Passed: (\d+)\/\d+, (\d+) failed/m.exec(text) ?? [];
        results.set(name, { passed: Number(passed ?? 0), failed: Number(failed ?? (/SKIPPED/.test(text) ? 0 : 1)), text });
    };
    if (only) {
        for (const name of only) await one(name);
        return results;
    }
    const text = await suite(['server', '--url', url, '--requirements', spec, '-o', out]);
    for (const [, name, passed, failed] of text.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed$/gm))
        results.set(name, { passed: Number(passed), failed: Number(failed), text: '' });
    if (!results.size) throw new Error(`the suite judged nothing; its words:\n${text}`);
    for (const name of wanted) if (!results.has(name)) await one(name);
    return results;
}

function summary(results, scored, required, strict, out) {
    const judged = [...results].map(([name, result]) => {
        const checks = checksOf(name, out);
        const warnings = checks.filter(check => check.status === 'WARNING');
        const skipped = !required.includes(name) && checks.length > 0 && checks.every(check => ['SKIPPED', 'INFO'].includes(check.status));
        const bad = !skipped && (result.failed > 0 || result.passed === 0 || (strict && warnings.length > 0));
        const shown = checks.filter(check => check.status === 'FAILURE' || (strict && check.status === 'WARNING'));
        const reasons = shown.map(check => `${check.status === 'WARNING' ? 'warning ' : ''}${check.id}: ${check.errorMessage ?? check.description}`);
        return { name, bad, skipped, reasons: reasons.length ? reasons : [result.text.trim() || 'the suite reported no check'] };
    });
    const of = names => judged.filter(({ name }) => names(name));
    const missing = scored.filter(name => !results.has(name)).map(name => ({ name, bad: true, reasons: ['the suite did not run it'] }));
    const counted = [...of(name => scored.includes(name)), ...missing];
    return {
        scored: counted.filter(one => !one.skipped).map(({ name }) => name),
        failed: counted.filter(({ bad }) => bad),
        idle: counted.filter(({ skipped }) => skipped).map(({ name }) => name),
        optional: of(name => !scored.includes(name)).filter(({ bad }) => bad)
    };
}

function checksOf(name, out) {
    const last = readdirSync(out).filter(folder => folder.startsWith(`server-${name}-2`)).sort().at(-1);
    return last ? JSON.parse(readFileSync(join(out, last, 'checks.json'), 'utf8')) : [];
}
