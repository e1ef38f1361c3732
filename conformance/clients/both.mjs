// The official TypeScript client 2.x with the fixture of the suite, in the era it is told: what a server sees and a client gets.
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { check, counts, eventually } from '../lib/checks.mjs';
import { meeting, rendezvous, textOf } from '../lib/connect.mjs';

const ERAS = ['legacy', 'modern'];
const WATCHED = 'test://watched-resource';
const usage = `usage: node clients/both.mjs URL [ERA] [PREFIX]
  URL      of an endpoint with the fixture of the suite: /servers/ID/mcp, or /mcp with the prefix ID__
  ERA      ${ERAS.join(' or ')}; without one: both
  MCP_KEY in the environment is sent as "Authorization: Bearer"`;
const [url, era, prefix = ''] = process.argv.slice(2);
if (!url || (era && !ERAS.includes(era))) {
    console.error(usage);
    process.exit(2);
}

const accepted = content => ({ action: 'accept', content });
const sampled = text => ({ role: 'assistant', model: 'checks', content: { type: 'text', text } });

for (const one of era ? [era] : ERAS) await checks(one);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);

async function connect(speaking, can = {}, name = 'checks') {
    const capabilities = {
        ...(can.elicit && { elicitation: { form: {} } }), ...(can.sample && { sampling: {} }), ...(can.roots && { roots: {} })
    };
    const client = new Client({ name, version: '1.0.0' }, {
        capabilities, versionNegotiation: { mode: speaking === 'modern' ? { pin: '2026-07-28' } : 'legacy' }
    });
    if (can.elicit) client.setRequestHandler('elicitation/create', async request => can.elicit(request.params));
    if (can.sample) client.setRequestHandler('sampling/createMessage', async request => can.sample(request.params));
    if (can.roots) client.setRequestHandler('roots/list', async () => ({ roots: can.roots() }));
    const heard = [];
    for (const method of ['notifications/tools/list_changed', 'notifications/resources/updated', 'notifications/message'])
        client.setNotificationHandler(method, notification => { heard.push(notification); });
    const headers = process.env.MCP_KEY ? { authorization: `Bearer ${process.env.MCP_KEY}` } : {};
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
    await client.connect(transport);
    return {
        client, heard,
        tool: (tool, args = {}, options = undefined) => client.callTool({ name: prefix + tool, arguments: args }, options),
        prompt: (prompt, args = {}) => client.getPrompt({ name: prefix + prompt, arguments: args }),
        async end() {
            if (speaking === 'legacy') await transport.terminateSession();
            await client.close();
        }
    };
}

async function checks(speaking) {
    console.log(`# ${speaking} client at ${url}`);
    const name = what => `${speaking}: ${what}`;
    await meeting([connect(speaking)], async ({ client, tool, prompt, heard }) => {
        await check(name('lists, reads and completes'), async () => {
            assert.ok((await client.listTools()).tools.some(one => one.name === `${prefix}test_simple_text`));
            assert.ok((await client.listPrompts()).prompts.some(one => one.name === `${prefix}test_simple_prompt`));
            assert.equal((await client.readResource({ uri: 'test://static-text' })).contents[0].mimeType, 'text/plain');
            const ref = { type: 'ref/prompt', name: `${prefix}test_prompt_with_arguments` };
            const { completion } = await client.complete({ ref, argument: { name: 'arg1', value: 'pari' } });
            assert.deepEqual(completion.values, ['paris']);
            assert.match((await prompt('test_prompt_with_arguments', { arg1: 'ä', arg2: '"' })).messages[0].content.text, /arg1='ä', arg2='"'/);
        });
        await check(name('progress is complete and in order'), async () => {
            const seen = [];
            await tool('test_tool_with_progress', {}, { onprogress: ({ progress }) => seen.push(progress) });
            assert.deepEqual(seen, [0, 50, 100]);
        });
        await check(name('the _meta of others arrives'), async () => {
            const call = { name: `${prefix}test_whoami`, arguments: {}, _meta: { traceparent: '00-abc-def-01' } };
            assert.equal(JSON.parse(textOf(await client.callTool(call))).meta.traceparent, '00-abc-def-01');
        });
        await check(name('structured content arrives'), async () =>
            assert.deepEqual((await tool('test_structured_output', { n: 5 })).structuredContent, { n: 5, squared: 25 }));
        await check(name('an unknown resource is an error that names it'), () =>
            assert.rejects(client.readResource({ uri: 'test://nowhere' }), error =>
                [-32002, -32602].includes(error.code) && error.data.uri === 'test://nowhere')); // this client makes one code of both
        await check(name('a cancelled call is cancelled in the server'), async () => {
            const count = async () => Number(textOf(await tool('test_cancel_count')));
            const before = await count();
            const stop = new AbortController();
            await assert.rejects(tool('test_slow', { ms: 60_000 }, { signal: stop.signal, onprogress: () => stop.abort('enough') }));
            await eventually(async () => (await count()) > before, `more than ${before} cancelled calls`);
        });
        await check(name('changes are told'), async () => {
            const subscription = speaking === 'modern'
                ? await client.listen({ toolsListChanged: true, resourceSubscriptions: [WATCHED] })
                : await client.subscribeResource({ uri: WATCHED });
            await tool('test_update_watched_resource');
            await tool('test_trigger_tool_change');
            const told = method => heard.some(notification => notification.method === method);
            await eventually(() => told('notifications/resources/updated') && told('notifications/tools/list_changed'), 'two changes');
            await subscription.close?.();
        });
    });
    await check(name('a question the client cannot answer is an error'), () => meeting([connect(speaking)], ({ tool }) =>
        assert.rejects(tool('test_missing_capability'), error => error.code < 0)));
    await check(name('a call that asks three things at once gets three answers'), () => {
        const able = { elicit: () => accepted({ name: 'Ada' }), sample: () => sampled('Hello'), roots: () => [{ uri: 'file:///tmp/root' }] };
        return meeting([connect(speaking, able)], async ({ tool }) =>
            assert.match(textOf(await tool('test_input_required_result_multiple_inputs')), /^Hello Ada .*file:\/\/\/tmp\/root/));
    });
    await check(name('a call that asks twice gets both answers'), () => {
        const able = { elicit: params => accepted(params.message.includes('color') ? { color: 'red' } : { name: 'Ada' }) };
        return meeting([connect(speaking, able)], async ({ tool }) =>
            assert.match(textOf(await tool('test_input_required_result_multi_round')), /for Ada who likes red/));
    });
    for (const clients of [2, 6]) await check(name(`the questions of ${clients} clients at once do not cross`), () => crossing(speaking, clients));
    await check(name('two questions of one client at once do not cross'), async () => {
        const both = rendezvous(2);
        const able = { elicit: async ({ message }) => { await both(); return accepted({ username: message, email: 'a@b' }); } };
        await meeting([connect(speaking, able)], async ({ tool }) => {
            const texts = await Promise.all(['one', 'two'].map(async message => textOf(await tool('test_elicitation', { message }))));
            assert.match(texts[0], /"username":"one"/);
            assert.match(texts[1], /"username":"two"/);
        });
    });
}

async function crossing(speaking, size) {
    const all = rendezvous(size);
    const names = Array.from({ length: size }, (_, i) => `client${i}`);
    const one = own => connect(speaking, { elicit: async () => { await all(); return accepted({ username: own, email: `${own}@example.org` }); } }, own);
    await meeting(names.map(one), async (...clients) => {
        const texts = await Promise.all(clients.map(async client => textOf(await client.tool('test_elicitation', { message: 'who?' }))));
        texts.forEach((words, i) => assert.match(words, new RegExp(`"username":"${names[i]}"`)));
    });
}
