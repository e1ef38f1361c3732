// A manager: one that runs already, or one of our own; servers are added and removed through its REST API.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_SECONDS_MAX = 600; // it may have to build first
const READY_SECONDS_MAX = 60;

export const running = (base, key) => ({ base: base.replace(/\/$/, ''), key, async stop() {} });

/** Starts one with payara/run.sh in a temporary folder. */
export async function start() {
    const home = mkdtempSync(join(tmpdir(), 'manager-'));
    const state = join(home, 'state');
    const config = join(home, 'servers.json');
    writeFileSync(config, '{"mcpServers": {}}');
    const port = await freePort();
    const script = fileURLToPath(new URL('../../payara/run.sh', import.meta.url));
    const child = spawn(script, ['--config', config, '--port', String(port), '--state-dir', state], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', part => { said += part; });
    const gone = new Promise(resolve => child.on('exit', resolve));
    const stop = async () => {
        child.kill('SIGTERM');
        await gone;
        rmSync(home, { recursive: true, force: true });
    };
    process.on('exit', () => child.kill('SIGTERM'));
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
    const base = `http://127.0.0.1:${port}`;
    const end = Date.now() + START_SECONDS_MAX * 1000;
    while (!await fetch(`${base}/health/ready`).then(answer => answer.ok, () => false)) {
        if (child.exitCode !== null || Date.now() > end) {
            await stop();
            throw new Error(`the manager did not start:\n${said}`);
        }
        await new Promise(resolve => setTimeout(resolve, 200));
    }
    return { base, key: readFileSync(join(state, 'admin.key'), 'utf8').trim(), stop };
}

/** Adds a server, waits until it runs and returns {url, remove}. */
export async function serve(manager, id, entry) {
    await api(manager, 'POST', '', { id, ...entry });
    const remove = () => api(manager, 'DELETE', `/${id}`);
    const end = Date.now() + READY_SECONDS_MAX * 1000;
    for (;;) {
        const { phase } = await api(manager, 'GET', `/${id}`);
        if (phase === 'running') return { url: `${manager.base}/servers/${id}/mcp`, remove };
        if (['fatal', 'parked', 'exited'].includes(phase) || Date.now() > end) {
            const lines = await api(manager, 'GET', `/${id}/logs`);
            await remove();
            throw new Error(`server ${id} does not run (${phase}): ${JSON.stringify(lines).slice(0, 2000)}`);
        }
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}

async function api(manager, method, path, body = undefined) {
    const answer = await fetch(`${manager.base}/api/mcp/servers${path}`, {
        method,
        headers: { authorization: `Bearer ${manager.key}`, ...(body && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body)
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /api/mcp/servers${path} was answered with ${answer.status}: ${text.slice(0, 1000)}`);
    return text ? JSON.parse(text) : {};
}

function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer().once('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}
