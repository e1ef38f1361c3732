// server-everything: each kind of content, list and question that MCP has.
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { check, eventually } from '../lib/checks.mjs';
import { connect, meeting, rendezvous, textOf } from '../lib/connect.mjs';

const ALWAYS = ['echo', 'get-annotated-message', 'get-env', 'get-resource-links', 'get-resource-reference', 'get-structured-content',
    'get-sum', 'get-tiny-image', 'gzip-file-as-resource', 'toggle-simulated-logging', 'toggle-subscriber-updates',
    'trigger-long-running-operation', 'simulate-research-query'];
const ASKING = ['get-roots-list', 'trigger-elicitation-request', 'trigger-url-elicitation', 'trigger-sampling-request'];
const TEXT = 'demo://resource/dynamic/text/7';

const sampled = text => ({ role: 'assistant', model: 'checks', content: { type: 'text', text } });
const lastWords = params => params.messages.at(-1).content.text;

export async function everything(endpoint) {
    await contents(endpoint);
    await lists(endpoint);
    await notices(endpoint);
    await questions(endpoint);
    await tasks(endpoint);
}

async function contents(endpoint) {
    await meeting([connect(endpoint)], async ({ client, tool }) => {
        await check('the server introduces itself', async () => {
            assert.match(client.getInstructions() ?? '', /./);
            if (endpoint.transparent) assert.equal(client.getServerVersion().name, 'mcp-servers/everything');
        });
        await check('tools that ask are absent for a client that cannot answer', async () => {
            const names = await toolNames(client, endpoint);
            assert.deepEqual(ALWAYS.filter(name => !names.includes(name)), []);
            if (endpoint.transparent) assert.deepEqual(ASKING.filter(name => names.includes(name)), []);
        });
        await check('echo answers', async () => assert.equal(textOf(await tool('echo', { message: 'grüß 🎈 "\\\n' })), 'Echo: grüß 🎈 "\\\n'));
        await check('echo carries a megabyte', async () => {
            const message = 'é'.repeat(500_000);
            assert.equal(textOf(await tool('echo', { message })), `Echo: ${message}`);
        });
        await check('get-sum adds', async () => assert.match(textOf(await tool('get-sum', { a: 2, b: 40 })), /42/));
        await check('bad arguments are an error that names them', async () => {
            const result = await tool('get-sum', { a: 'two' });
            assert.equal(result.isError, true);
            assert.match(textOf(result), /expected number/);
        });
        await check('an unknown tool is an error', async () => {
            const outcome = await tool('no-such-tool').then(result => result.isError && textOf(result), error => error.message);
            assert.match(String(outcome), /no-such-tool/);
        });
        await check('get-tiny-image has an image', async () => {
            const image = (await tool('get-tiny-image')).content.find(block => block.type === 'image');
            assert.equal(Buffer.from(image.data, 'base64').subarray(1, 4).toString(), 'PNG');
        });
        await check('get-annotated-message keeps annotations', async () => {
            const { content } = await tool('get-annotated-message', { messageType: 'error', includeImage: true });
            assert.deepEqual(content.map(block => block.annotations), [
                { priority: 1, audience: ['user', 'assistant'] }, { priority: 0.5, audience: ['user'] }]);
        });
        await check('get-resource-links links', async () => {
            const { content } = await tool('get-resource-links', { count: 4 });
            const links = content.filter(block => block.type === 'resource_link');
            assert.deepEqual(links.map(link => link.uri.replace(/\d+$/, '')), ['blob', 'text', 'blob', 'text'].map(t => `demo://resource/dynamic/${t}/`));
        });
        await check('get-resource-reference embeds', async () => {
            const { content } = await tool('get-resource-reference', { resourceType: 'Text', resourceId: 7 });
            assert.equal(content.find(block => block.type === 'resource').resource.uri, TEXT);
        });
        await check('get-structured-content is structured', async () => {
            const { structuredContent } = await tool('get-structured-content', { location: 'Chicago' });
            assert.deepEqual(structuredContent, { temperature: 36, conditions: 'Light rain / drizzle', humidity: 82 });
        });
        await check('get-env shows no key of the manager', async () => {
            const text = textOf(await tool('get-env'));
            assert.match(text, /PATH/);
            if (endpoint.key) assert.equal(text.includes(endpoint.key), false);
        });
        await check('ping answers', async () => assert.deepEqual(await client.ping(), {}));
    });
}

async function lists(endpoint) {
    await meeting([connect(endpoint)], async ({ client, prompt, complete, tool, heard }) => {
        await check('resources are listed and read', async () => {
            const { resources } = await client.listResources();
            const document = resources.find(resource => resource.uri.endsWith('/architecture.md'));
            const { contents } = await client.readResource({ uri: document.uri });
            assert.match(contents[0].text, /Everything Server/);
        });
        await check('templates are listed, text and blob are read', async () => {
            const { resourceTemplates } = await client.listResourceTemplates();
            const uris = resourceTemplates.map(template => template.uriTemplate);
            assert.ok(uris.includes('demo://resource/dynamic/text/{resourceId}'), uris.join(' '));
            assert.match((await client.readResource({ uri: TEXT })).contents[0].text, /^Resource 7:/);
            const { contents } = await client.readResource({ uri: 'demo://resource/dynamic/blob/3' });
            assert.match(Buffer.from(contents[0].blob, 'base64').toString(), /^Resource 3:/);
        });
        await check('an unknown resource is an error', async () => {
            await assert.rejects(client.readResource({ uri: 'demo://nowhere/1' }), error => [-32002, -32602].includes(error.code));
        });
        await check('prompts are listed and got', async () => {
            const names = (await client.listPrompts()).prompts.map(one => one.name);
            for (const name of ['simple-prompt', 'args-prompt', 'completable-prompt', 'resource-prompt']) assert.ok(names.includes(endpoint.named(name)), name);
            assert.match((await prompt('simple-prompt')).messages[0].content.text, /simple prompt/);
            assert.equal((await prompt('args-prompt', { city: 'Köln', state: 'NRW' })).messages[0].content.text, "What's weather in Köln, NRW?");
            const { messages } = await prompt('resource-prompt', { resourceType: 'Text', resourceId: '7' });
            assert.equal(messages[1].content.resource.uri, TEXT);
        });
        await check('completion knows the other arguments', async () => {
            const departments = await complete('completable-prompt', { name: 'department', value: 'S' });
            assert.deepEqual(departments.completion.values, ['Sales', 'Support']);
            const people = await complete('completable-prompt', { name: 'name', value: 'E' }, { arguments: { department: 'Sales' } });
            assert.deepEqual(people.completion.values, ['Eve']);
        });
        await check('completion of a template', async () => {
            const ref = { type: 'ref/resource', uri: 'demo://resource/dynamic/text/{resourceId}' };
            assert.deepEqual((await client.complete({ ref, argument: { name: 'resourceId', value: '12' } })).completion.values, ['12']);
        });
        await check('a new resource changes the list', async () => {
            const data = 'data:text/plain,zip me';
            const name = `new-${Date.now()}.gz`; // a copy that is shared remembers the last one
            const link = (await tool('gzip-file-as-resource', { name, data })).content[0];
            assert.equal(link.type, 'resource_link');
            await heard.one('notifications/resources/list_changed');
            assert.ok((await client.listResources()).resources.some(resource => resource.uri === link.uri));
            const { contents } = await client.readResource({ uri: link.uri });
            assert.equal(gunzipSync(Buffer.from(contents[0].blob, 'base64')).toString(), 'zip me');
        });
    });
}

async function notices(endpoint) {
    await meeting([connect(endpoint)], async ({ client, tool, heard }) => {
        await check('progress comes in order', async () => {
            const seen = [];
            const args = { duration: 0.5, steps: 5 };
            assert.match(textOf(await tool('trigger-long-running-operation', args, { onprogress: p => seen.push(p.progress) })), /Steps: 5/);
            // this client drops a report that it reads together with the result
            assert.deepEqual(seen.slice(0, 4), [1, 2, 3, 4]);
        });
        await check('a cancelled call ends at once and the session goes on', async () => {
            const stop = new AbortController();
            const call = tool('trigger-long-running-operation', { duration: 4, steps: 8 }, { signal: stop.signal, onprogress: () => stop.abort('enough') });
            await assert.rejects(call, /enough/);
            assert.equal(textOf(await tool('echo', { message: 'still here' })), 'Echo: still here');
        });
        await check('log messages obey the level', async () => {
            await client.setLoggingLevel('error');
            await client.subscribeResource({ uri: TEXT });
            await client.setLoggingLevel('debug');
            await client.unsubscribeResource({ uri: TEXT });
            await heard.one('notifications/message', message => /Unsubscribe/.test(message.data));
            assert.ok(!heard.of('notifications/message').some(message => /Received Subscribe/.test(message.data)));
        });
        await check('subscribed resources update', async () => {
            await client.subscribeResource({ uri: TEXT });
            await tool('toggle-subscriber-updates');
            await heard.one('notifications/resources/updated', update => update.uri === TEXT);
            await tool('toggle-subscriber-updates');
            await client.unsubscribeResource({ uri: TEXT });
        });
        await check('simulated logging toggles', async () => {
            heard.forget();
            await client.setLoggingLevel('debug');
            assert.match(textOf(await tool('toggle-simulated-logging')), /Started/);
            await heard.one('notifications/message', message => /-?level(-| )message/i.test(message.data));
            assert.match(textOf(await tool('toggle-simulated-logging')), /Stopped/);
        });
    });
}

async function questions(endpoint) {
    const roots = [{ uri: 'file:///tmp/one', name: 'one' }];
    const able = {
        elicit: params => params.mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'Ada', integer: 7, check: true } },
        sample: params => sampled(`model heard: ${lastWords(params)}`),
        roots: () => roots
    };
    await meeting([connect(endpoint, able)], async ({ client, tool, asked }) => {
        await check('tools that ask are there for a client that can answer', async () => {
            await eventually(async () => {
                const names = await toolNames(client, endpoint);
                return ASKING.every(name => names.includes(name));
            }, ASKING.join(', '));
        });
        await check('elicitation reaches the user', async () => {
            const text = textOf(await tool('trigger-elicitation-request'));
            assert.match(text, /Name: Ada[\s\S]*Favorite Integer: 7/);
            const { requestedSchema } = asked.find(request => request.method === 'elicitation/create').params;
            assert.deepEqual(requestedSchema.properties.legacyTitledEnum.enumNames, ['Cats', 'Dogs', 'Birds', 'Fish', 'Reptiles']);
        });
        await check('elicitation by URL reaches the user', async () => {
            const text = textOf(await tool('trigger-url-elicitation', { url: 'https://example.org/a', elicitationId: 'e-1' }));
            assert.match(text, /completed the URL elicitation/);
            assert.equal(asked.at(-1).params.elicitationId, 'e-1');
        });
        await check('the error that requires a URL keeps its code and data', async () => {
            const call = tool('trigger-url-elicitation', { url: 'https://example.org/b', elicitationId: 'e-2', errorPath: true });
            await assert.rejects(call, error => error.code === -32042 && error.data.elicitations[0].mode === 'url');
        });
        await check('sampling reaches the model', async () => {
            const text = textOf(await tool('trigger-sampling-request', { prompt: 'capital of France', maxTokens: 12 }));
            assert.match(text, /model heard: .*capital of France/);
            assert.equal(asked.at(-1).params.maxTokens, 12);
        });
        await check('roots reach the server', async () => {
            await eventually(async () => /file:\/\/\/tmp\/one/.test(textOf(await tool('get-roots-list'))), 'file:///tmp/one');
        });
        await check('changed roots reach the server', async () => {
            roots.push({ uri: 'file:///tmp/two', name: 'two' });
            await client.sendRootsListChanged();
            await eventually(async () => /file:\/\/\/tmp\/two/.test(textOf(await tool('get-roots-list'))), 'file:///tmp/two');
        });
        await check('two questions of one client do not cross', async () => {
            const texts = await Promise.all(['red', 'blue'].map(async prompt => textOf(await tool('trigger-sampling-request', { prompt }))));
            assert.deepEqual(texts.map(text => /heard: .*: (\w+)/.exec(text)[1]), ['red', 'blue']);
        });
    });
    await check('a declined question stays declined', () => meeting([connect(endpoint, { elicit: () => ({ action: 'decline' }) })], async ({ tool }) =>
        assert.match(textOf(await tool('trigger-elicitation-request')), /declined/)));
    await check('a refused question ends the call with an error', () => meeting([connect(endpoint, { sample: () => { throw new Error('no model'); } })], async ({ tool }) => {
        const outcome = await tool('trigger-sampling-request', { prompt: 'x' }).then(result => result.isError && textOf(result), error => error.message);
        assert.match(String(outcome), /no model/);
    }));
    await crossed(endpoint);
}

/** Both questions are open at the same time and are answered in the wrong order. */
async function crossed(endpoint) {
    await check('questions of two clients at once do not cross', async () => {
        const both = rendezvous(2);
        const person = name => connect(endpoint, {
            elicit: async () => { await both(); return { action: 'accept', content: { name } }; }
        }, { name });
        await meeting([person('Ann'), person('Bob')], async (ann, bob) => {
            const [first, second] = await Promise.all([ann, bob].map(one => one.tool('trigger-elicitation-request')));
            assert.match(textOf(first), /Name: Ann/);
            assert.match(textOf(second), /Name: Bob/);
        });
    });
    await check('completions for two clients at once do not cross', async () => {
        const both = rendezvous(2);
        const model = name => connect(endpoint, {
            sample: async params => { await both(); return sampled(`${name} heard ${lastWords(params)}`); }
        }, { name });
        await meeting([model('left'), model('right')], async (left, right) => {
            const [first, second] = await Promise.all([
                left.tool('trigger-sampling-request', { prompt: 'for left' }), right.tool('trigger-sampling-request', { prompt: 'for right' })]);
            assert.match(textOf(first), /left heard .*for left/);
            assert.match(textOf(second), /right heard .*for right/);
        });
    });
}

async function tasks(endpoint) {
    const store = new InMemoryTaskStore();
    const asTask = reply => async (params, extra) => {
        const task = await extra.taskStore.createTask({ ttl: 60_000, pollInterval: 100 });
        await extra.taskStore.storeTaskResult(task.taskId, 'completed', reply(params));
        return { task: { ...task, status: 'working' } };
    };
    const able = {
        elicit: (params, extra) => params.task
            ? asTask(() => ({ action: 'accept', content: { name: 'Ada' } }))(params, extra)
            : { action: 'accept', content: { interpretation: 'historical' } },
        sample: asTask(params => sampled(`later: ${lastWords(params)}`))
    };
    const capabilities = { tasks: { requests: { sampling: { createMessage: {} }, elicitation: { create: {} } } } };
    await meeting([connect(endpoint, able, { capabilities, options: { taskStore: store } })], async ({ client, tool }) => {
        await eventually(async () => (await toolNames(client, endpoint)).includes('trigger-sampling-request-async'), 'tools for tasks');
        await check('a question becomes a task of the client', async () =>
            assert.match(textOf(await tool('trigger-sampling-request-async', { prompt: 'take your time' })), /later: .*take your time/));
        await check('an elicitation becomes a task of the client', async () =>
            assert.match(textOf(await tool('trigger-elicitation-request-async')), /Ada/));
        await check('a call becomes a task that asks and completes', async () => {
            const seen = [];
            const params = { name: endpoint.named('simulate-research-query'), arguments: { topic: 'history of tea', ambiguous: true } };
            const stream = client.experimental.tasks.callToolStream(params, CallToolResultSchema, { task: { ttl: 60_000 } });
            for await (const message of stream) {
                seen.push(message.type);
                if (message.type === 'error') throw message.error;
                if (message.type === 'result') assert.match(textOf(message.result), /history of tea \(historical\)/);
            }
            assert.equal(seen[0], 'taskCreated');
            assert.equal(seen.at(-1), 'result');
        });
    });
    store.cleanup();
}

async function toolNames(client, endpoint) {
    const all = new Set((await client.listTools()).tools.map(tool => tool.name));
    return [...ALWAYS, ...ASKING, 'trigger-sampling-request-async', 'trigger-elicitation-request-async'].filter(name => all.has(endpoint.named(name)));
}
