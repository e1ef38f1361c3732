// The fixture server of the official suite: what the suite does not ask of a gateway.
import assert from 'node:assert/strict';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { check, eventually } from '../lib/checks.mjs';
import { connect, meeting, rendezvous, textOf } from '../lib/connect.mjs';

const WATCHED = 'test://watched-resource';
const accepted = content => ({ action: 'accept', content });

export async function fixture(endpoint) {
    await meeting([connect(endpoint, {}, { name: 'fixture-checks' })], async ({ client, tool, heard }) => {
        await check('the _meta of a call arrives', async () => {
            const call = { name: endpoint.named('test_whoami'), arguments: {}, _meta: { 'com.example/trace': 'abc' } };
            const told = JSON.parse(textOf(await client.callTool(call)));
            assert.equal(told.meta['com.example/trace'], 'abc');
            assert.ok(told.client.name);
        });
        await check('a cancelled call is cancelled in the server', async () => {
            const before = Number(textOf(await tool('test_cancel_count')));
            const stop = new AbortController();
            const options = { signal: stop.signal, onprogress: () => stop.abort('enough') };
            await assert.rejects(tool('test_slow', { ms: 60_000 }, options), /enough/);
            await eventually(async () => Number(textOf(await tool('test_cancel_count'))) === before + 1, `${before + 1} cancelled calls`);
        });
        await check('progress is complete and in order', async () => {
            const seen = [];
            await tool('test_tool_with_progress', {}, { onprogress: progress => seen.push(progress.progress) });
            assert.deepEqual(seen, [0, 50, 100]);
        });
        await check('log messages come with their call', async () => {
            await client.setLoggingLevel('info');
            // For two seconds after a call of another client was cancelled, a log might be of that one, and nobody gets it.
            await eventually(async () => {
                heard.forget();
                await tool('test_tool_with_logging');
                return heard.of('notifications/message').length === 3;
            }, 'three log messages');
        });
        await check('no log message below the level', async () => {
            await client.setLoggingLevel('error');
            heard.forget();
            await tool('test_tool_with_logging');
            assert.equal(heard.of('notifications/message').length, 0);
        });
        await check('a changed list of tools is told and listed', async () => {
            const there = async () => (await client.listTools()).tools.some(one => one.name === endpoint.named('test_dynamic_tool'));
            const before = await there();
            await tool('test_trigger_tool_change');
            await heard.one('notifications/tools/list_changed');
            await eventually(async () => (await there()) !== before, 'test_dynamic_tool');
        });
        await check('a changed list of prompts is told and listed', async () => {
            const there = async () => (await client.listPrompts()).prompts.some(one => one.name === endpoint.named('test_dynamic_prompt'));
            const before = await there();
            await tool('test_trigger_prompt_change');
            await heard.one('notifications/prompts/list_changed');
            await eventually(async () => (await there()) !== before, 'test_dynamic_prompt');
        });
        await check('a watched resource updates until it is not watched', async () => {
            await client.subscribeResource({ uri: WATCHED });
            await tool('test_update_watched_resource');
            await heard.one('notifications/resources/updated', update => update.uri === WATCHED);
            await client.unsubscribeResource({ uri: WATCHED });
            heard.forget();
            await tool('test_update_watched_resource');
            await tool('test_trigger_tool_change');
            await heard.one('notifications/tools/list_changed');
            assert.deepEqual(heard.of('notifications/resources/updated'), []);
        });
        await check('an unknown method is an error with its code', async () => {
            await assert.rejects(client.request({ method: 'no/such' }, ResultSchema), error => error.code === -32601);
        });
    });
    // who cannot be asked shares a copy of the server, which knows the manager instead
    await check('a client that can be asked is known by name', () => {
        const able = { elicit: () => accepted({}) };
        return meeting([connect(endpoint, able, { name: 'fixture-checks' })], async ({ tool }) =>
            assert.equal(JSON.parse(textOf(await tool('test_whoami'))).client.name, 'fixture-checks'));
    });
    await check('a question the client cannot answer is an error', () => meeting([connect(endpoint)], async ({ tool }) =>
        assert.rejects(tool('test_missing_capability'), error => error.code < 0)));
    await check('a call that asks three things at once gets three answers', async () => {
        const all = rendezvous(3);
        const able = {
            elicit: async () => { await all(); return accepted({ name: 'Ada' }); },
            sample: async () => { await all(); return { role: 'assistant', model: 'checks', content: { type: 'text', text: 'Hello' } }; },
            roots: async () => { await all(); return [{ uri: 'file:///tmp/root' }]; }
        };
        await meeting([connect(endpoint, able)], async ({ tool }) =>
            assert.match(textOf(await tool('test_input_required_result_multiple_inputs')), /^Hello Ada .*file:\/\/\/tmp\/root/));
    });
    await check('the questions of eight clients at once do not cross', async () => {
        const all = rendezvous(8);
        const one = name => connect(endpoint, { elicit: async () => { await all(); return accepted({ username: name, email: `${name}@example.org` }); } }, { name });
        const names = Array.from({ length: 8 }, (_, i) => `client${i}`);
        await meeting(names.map(one), async (...clients) => {
            const texts = await Promise.all(clients.map(async client => textOf(await client.tool('test_elicitation', { message: 'who?' }))));
            texts.forEach((text, i) => assert.match(text, new RegExp(`"username":"${names[i]}"`)));
        });
    });
}
