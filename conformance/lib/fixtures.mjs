// The fixture servers: as a configuration entry for a manager, or running on HTTP.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from './checks.mjs';

const script = era => fileURLToPath(new URL(`../fixtures/${era}.mjs`, import.meta.url));

/** {entry, stop}: what a manager's configuration says to reach the fixture over that transport. */
export async function fixture(era, transport) {
    if (transport === 'stdio') return { entry: { command: process.execPath, args: [script(era), '--stdio'] }, stop() {} };
    const { url, stop } = await startHttp(era);
    return { entry: { type: 'http', url }, stop };
}

export async function startHttp(era) {
    const child = spawn(process.execPath, [script(era), '--http', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const stop = () => child.kill();
    process.on('exit', stop);
    const port = new Promise((resolve, reject) => {
        child.stdout.setEncoding('utf8').once('data', resolve);
        child.once('error', reject).once('exit', code => reject(new Error(`the ${era} fixture ended with ${code}`)));
    });
    return { url: `http://127.0.0.1:${(await within(10, port, `the start of the ${era} fixture`)).trim()}/mcp`, stop };
}
