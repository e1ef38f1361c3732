// Uses the servers of a running manager with the inspector's command line: see README.md.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { check, counts } from '../lib/checks.mjs';

const run = promisify(execFile);
const packages = ['node@22.23.3', '@modelcontextprotocol/inspector@2.12.0'];
const [base] = process.argv.slice(2);
if (!base) {
    console.error(`usage: node clients/inspector.mjs BASE-URL
  Expects the server "everything"; installs ${packages.join(' and ')} below node_modules/.inspector first.
  MCP_KEY in the environment is sent as "Authorization: Bearer"`);
    process.exit(2);
}

const home = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.inspector');
const bin = join(home, 'node_modules', '.bin', 'mcp-inspector');
// The inspector needs a newer Node than the rest; its launcher starts what PATH names.
const PATH = [join(home, 'node_modules', 'node', 'bin'), process.env.PATH].join(delimiter);
await access(bin).catch(() =>
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--silent', '--prefix', home, ...packages]));

const places = [
    { path: '/servers/everything/mcp', name: tool => tool },
    { path: '/mcp', name: tool => `everything__${tool}` },
];
for (const era of ['legacy', 'modern', 'auto']) for (const place of places) await use(era, place);
await use('legacy', { path: '/servers/everything/sse', transport: 'sse', name: tool => tool });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);

async function use(era, { path, transport = 'http', name }) {
    const ask = (...options) => inspector(['--transport', transport, '--protocol-era', era, '--server-url', base + path], options);
    const checks = {
        'lists tools': async () => {
            const { tools } = await ask('--method', 'tools/list');
            assert.ok(tools.some(tool => tool.name === name('get-sum')), JSON.stringify(tools.map(tool => tool.name)));
        },
        'calls a tool': async () => {
            const sum = await ask('--method', 'tools/call', '--tool-name', name('get-sum'), '--tool-arg', 'a=3', 'b=4');
            assert.equal(sum.content[0].text, 'The sum of 3 and 4 is 7.');
        },
        'reads a resource': async () => {
            const { contents } = await ask('--method', 'resources/read', '--uri', 'demo://resource/static/document/architecture.md');
            assert.match(contents[0].text, /Everything Server/);
        },
        'lists resource templates': async () => {
            const { resourceTemplates } = await ask('--method', 'resources/templates/list');
            assert.ok(resourceTemplates.some(template => template.uriTemplate.startsWith('demo://resource/dynamic/text/')));
        },
        'gets a prompt': async () => {
            const { messages } = await ask('--method', 'prompts/get', '--prompt-name', name('args-prompt'), '--prompt-args', 'city=Rome');
            assert.equal(messages[0].content.text, "What's weather in Rome?");
        },
    };
    for (const [what, work] of Object.entries(checks)) await check(`inspector ${era} ${path} ${what}`, work);
}

async function inspector(endpoint, options) {
    const key = process.env.MCP_KEY;
    const header = key ? ['--header', `Authorization: Bearer ${key}`] : [];
    const { stdout } = await run(bin, ['--cli', '--quiet', '--format', 'json', ...endpoint, ...header, ...options],
        { env: { ...process.env, PATH, HOME: home }, maxBuffer: 16 * 1024 * 1024 });
    return JSON.parse(stdout).result;
}
