// Judges the bridge: clients of both eras, servers of both eras, over stdio and HTTP: see README.md.
import { parseArgs } from 'node:util';
import { fixture } from './lib/fixtures.mjs';
import { load } from './lib/load.mjs';
import { running, serve, start } from './lib/manager.mjs';
import { judge, mustBeInstalled } from './lib/suite.mjs';

const CLIENTS = { legacy: '2025-11-25', modern: '2026-07-28' };
const ALL = ['stdio', 'http'].flatMap(transport => ['legacy', 'modern'].flatMap(server => Object.keys(CLIENTS).map(client => `${client}-${server}-${transport}`)));
const usage = `usage: node cells.mjs [BASE-URL] [--cells NAME,NAME] [--set required|all] [--strict] [--load N]
  BASE-URL   of a manager that runs; MCP_KEY in the environment is its admin key. Without it one is started with payara/run.sh
  --cells    CLIENT-SERVER-TRANSPORT, by default all: ${ALL.join(', ')}
  --set, --strict, --load   as run.mjs has them`;

let manager;
try {
    const { values: options, positionals: [base] } = parseArgs({
        allowPositionals: true,
        options: {
            cells: { type: 'string', default: ALL.join() }, set: { type: 'string', default: 'required' },
            strict: { type: 'boolean', default: false }, load: { type: 'string', default: '0' }
        }
    });
    const cells = options.cells.split(',');
    const unknown = cells.filter(cell => !ALL.includes(cell));
    if (unknown.length) throw new Error(`--cells: ${unknown} is unknown\n${usage}`);
    mustBeInstalled();
    manager = base ? running(base, process.env.MCP_KEY) : await start();
    console.log(`${'client'.padEnd(8)}${'server'.padEnd(8)}${'over'.padEnd(7)}${'passed'.padEnd(9)}seconds`);
    for (const backend of new Set(cells.map(cell => cell.slice(cell.indexOf('-') + 1))))
        await judgeBackend(backend, cells.filter(cell => cell.endsWith(`-${backend}`)), options);
} catch (error) {
    console.error(error.message);
    process.exitCode = 2;
} finally {
    await manager?.stop();
}
process.exit();

/** One server in the manager, judged by the clients of the cells. */
async function judgeBackend(backend, cells, options) {
    const [era, transport] = backend.split('-');
    const { entry, stop } = await fixture(era, transport);
    let server;
    try {
        server = await serve(manager, `cell-${backend}`, entry);
        for (const cell of cells) print(cell, await judgeCell(cell, server.url, options));
    } catch (error) {
        if (server) throw error;
        for (const cell of cells) print(cell, { good: false, score: 'none', details: [error.message] });
    } finally {
        await server?.remove();
        stop();
    }
}

async function judgeCell(cell, url, options) {
    const spec = CLIENTS[cell.split('-')[0]];
    const begin = Date.now();
    const end = load(url, spec, manager.key, Number(options.load));
    try {
        const { scored, failed, optional } = await judge({ ...options, url, spec, key: manager.key }).finally(end);
        const { calls, failures } = await end();
        return {
            good: !failed.length && !failures.length,
            score: `${scored.length - failed.length}/${scored.length}`,
            seconds: (Date.now() - begin) / 1000,
            calls,
            details: [
                ...failed.map(({ name, reasons }) => `FAILED ${name}: ${reasons.join('\n    ')}`),
                ...(optional.length ? [`failed, not required: ${optional.map(({ name }) => name).join(', ')}`] : []),
                ...failures.map(failure => `load failed: ${failure}`)
            ]
        };
    } catch (error) {
        return { good: false, score: 'none', details: [error.message] };
    }
}

function print(cell, { score, good, seconds, calls, details }) {
    const [client, server, transport] = cell.split('-');
    const under = calls ? `, beside ${calls} other calls` : '';
    console.log(`${client.padEnd(8)}${server.padEnd(8)}${transport.padEnd(7)}${score.padEnd(9)}${seconds?.toFixed(1) ?? '-'}${under}${good ? '' : '  NOT GOOD'}`);
    for (const detail of details) console.log(`    ${detail}`);
    if (!good) process.exitCode = 1;
}
