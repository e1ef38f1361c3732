// Checks the servers of a running manager with the official TypeScript client: see README.md.
import { counts } from '../lib/checks.mjs';
import { everything } from './everything.mjs';
import { filesystem } from './filesystem.mjs';
import { fixture } from './fixture.mjs';
import { memory } from './memory.mjs';

const servers = { everything, filesystem, memory, conformance: fixture };
const usage = `usage: node clients/all.mjs BASE-URL [SCOPE ...]
  SCOPE  ${Object.keys(servers).join(', ')} (at /servers/ID/mcp) aggregate (all of them at /mcp)
         or sse (the conformance fixture at both endpoints of 2024-11-05 clients); without one: everything
  MCP_KEY in the environment is sent as "Authorization: Bearer"`;
const [base, ...wanted] = process.argv.slice(2);
const scopes = [...Object.keys(servers), 'aggregate', 'sse'];
const unknown = wanted.filter(scope => !scopes.includes(scope));
if (!base || unknown.length) {
    console.error(unknown.length ? `unknown scope: ${unknown.join(', ')}\n${usage}` : usage);
    process.exit(2);
}

const key = process.env.MCP_KEY;
for (const scope of wanted.length ? wanted : scopes) {
    if (scope === 'aggregate') await aggregate();
    else if (scope === 'sse') await sse();
    else await run(scope, { url: `${base}/servers/${scope}/mcp`, key, named: name => name, transparent: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);

async function aggregate() {
    for (const id of Object.keys(servers)) await run(id, { url: `${base}/mcp`, key, named: name => `${id}__${name}`, transparent: false });
}

async function sse() {
    await run('conformance', { url: `${base}/servers/conformance/sse`, key, named: name => name, transparent: true });
    await run('conformance', { url: `${base}/sse`, key, named: name => `conformance__${name}`, transparent: false });
}

async function run(id, endpoint) {
    console.log(`# ${id} at ${endpoint.url}`);
    try {
        await servers[id](endpoint);
    } catch (error) {
        counts.failed++;
        console.log(`not ok ${id} at ${endpoint.url}: ${error.message}`);
    }
}
