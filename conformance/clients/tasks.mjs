// Tasks through the manager: the official TypeScript client 1.x has those of 2025-11-25, plain requests of 2026-07-28 the extension.
import assert from 'node:assert/strict';
import { check, counts, eventually } from '../lib/checks.mjs';
import { connect, meeting, textOf } from '../lib/connect.mjs';
import { listen, modern } from '../lib/wire.mjs';

const [url, prefix = ''] = process.argv.slice(2);
if (!url) {
    console.error(`usage: node clients/tasks.mjs URL [PREFIX]
  URL      of an endpoint with the fixture of the suite, of either era: /servers/ID/mcp, or /mcp with the prefix ID__
  MCP_KEY in the environment is sent as "Authorization: Bearer"`);
    process.exit(2);
}
const key = process.env.MCP_KEY;
const headers = key ? { authorization: `Bearer ${key}` } : {};
const EXTENSION = 'io.modelcontextprotocol/tasks';
const RELATED = 'io.modelcontextprotocol/related-task';
const accepted = { action: 'accept', content: { confirm: true, name: 'Ada' } };

await legacy();
await stateless();
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);

async function all(stream) {
    const messages = [];
    for await (const message of stream) messages.push(message);
    return messages;
}

async function legacy() {
    const asked = [];
    const elicit = params => { asked.push(params); return accepted; };
    const guest = connect({ url, key, named: name => prefix + name }, { elicit });
    const { heard } = await guest;
    await meeting([guest], async ({ client }) => {
        const { tasks } = client.experimental;
        const run = (name, args) => all(tasks.callToolStream({ name: prefix + name, arguments: args }, undefined, { task: { ttl: 60_000 } }));
        await client.listTools();
        await check('legacy: a call becomes a task that ends with its result', async () => {
            const messages = await run('slow_compute', { seconds: 0.3, label: 'x' });
            assert.equal(messages[0].type, 'taskCreated');
            assert.equal(messages[0].task.status, 'working');
            assert.equal(textOf(messages.at(-1).result), 'computed x');
            const { tasks: listed } = await tasks.listTasks();
            assert.ok(listed.some(task => task.taskId === messages[0].task.taskId && task.status === 'completed'), JSON.stringify(listed));
        });
        await check('legacy: what the task asks comes with its id', async () => {
            const messages = await run('confirm_delete', { filename: 'f' });
            assert.equal(textOf(messages.at(-1).result), 'accept f');
            assert.equal(asked.at(-1)._meta[RELATED].taskId, messages[0].task.taskId);
        });
        await check('legacy: the server tells how the task is', async () => {
            const [{ task: { taskId } }] = await run('confirm_delete', { filename: 'g' });
            for (const status of ['input_required', 'completed'])
                await heard.one('notifications/tasks/status', news => news.taskId === taskId && news.status === status);
            assert.ok(heard.of('notifications/tasks/status').every(news => news.createdAt && news.ttl && !news.result), JSON.stringify(heard.all));
        });
        await check('legacy: two questions at once', async () =>
            assert.equal(textOf((await run('multi_input', {})).at(-1).result), 'Ada and Ada'));
        await check('legacy: a tool that fails, and one that breaks', async () => {
            const failing = await run('failing_job', {});
            const { status } = await tasks.getTask(failing[0].task.taskId);
            assert.equal(status, 'failed');
            assert.ok((await run('protocol_error_job', {})).at(-1).type === 'error');
        });
        await check('legacy: a cancelled task is cancelled', async () => {
            const stream = tasks.callToolStream({ name: `${prefix}slow_compute`, arguments: { seconds: 60 } }, undefined, { task: {} });
            const { value: { task: { taskId } } } = await stream.next();
            assert.equal((await tasks.cancelTask(taskId)).status, 'cancelled');
            assert.equal((await tasks.getTask(taskId)).status, 'cancelled');
            await assert.rejects(tasks.cancelTask(taskId), { code: -32602 });
            await stream.return();
        });
        await check("legacy: a task is no other session's", async () => {
            const [{ task }] = await run('slow_compute', { seconds: 0 });
            await meeting([connect({ url, key, named: name => name })], async other => {
                await run('slow_compute', { seconds: 0.1 });
                assert.deepEqual(other.heard.of('notifications/tasks/status'), []);
                await assert.rejects(other.client.experimental.tasks.getTask(task.taskId), { code: -32602 });
                assert.deepEqual((await other.client.experimental.tasks.listTasks()).tasks, []);
            });
        });
    });
}

async function stateless() {
    const able = { elicitation: {}, extensions: { [EXTENSION]: {} } };
    const send = (method, params, capabilities = able) => modern(url, method, params, headers, capabilities);
    const begin = async (name, args = {}) => {
        const { result } = await send('tools/call', { name: prefix + name, arguments: args });
        assert.equal(result?.resultType, 'task', JSON.stringify(result));
        return result.taskId;
    };
    const until = (taskId, status) => eventually(async () => {
        const { result } = await send('tasks/get', { taskId });
        return result?.status === status && result;
    }, `task becomes ${status}`);
    await check('modern: the extension is offered', async () =>
        assert.deepEqual((await send('server/discover', {})).result.capabilities.extensions[EXTENSION], {}));
    await check('modern: a call becomes a task that ends with its result', async () =>
        assert.equal(textOf((await until(await begin('slow_compute', { seconds: 0.3, label: 'x' }), 'completed')).result), 'computed x'));
    await check('modern: what the task asks is answered by an update', async () => {
        const taskId = await begin('multi_input');
        const { inputRequests } = await until(taskId, 'input_required');
        assert.equal(Object.keys(inputRequests).length, 2);
        const inputResponses = Object.fromEntries(Object.keys(inputRequests).map(each => [each, accepted]));
        await send('tasks/update', { taskId, inputResponses });
        assert.equal(textOf((await until(taskId, 'completed')).result), 'Ada and Ada');
    });
    await check('modern: who listens is told how the task is', async () => {
        const taskId = await begin('confirm_delete', { filename: 'h' });
        const stream = await listen(url, { taskIds: [taskId, 'no-such-task'] }, headers, able);
        try {
            const acknowledged = await stream.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
            assert.deepEqual(acknowledged.notifications, { taskIds: [taskId] });
            const news = status => stream.next(({ method, params }) => method === 'notifications/tasks' && params.status === status);
            const { inputRequests } = await until(taskId, 'input_required');
            await send('tasks/update', { taskId, inputResponses: Object.fromEntries(Object.keys(inputRequests).map(each => [each, accepted])) });
            const last = await news('completed');
            assert.equal(last.taskId, taskId);
            assert.equal(textOf(last.result), 'accept h');
            assert.ok(last._meta['io.modelcontextprotocol/subscriptionId']);
        } finally {
            stream.end();
        }
        await assert.rejects(listen(url, { taskIds: [taskId] }, headers, {}), /-32021/);
    });
    await check('modern: a tool that fails, and one that breaks', async () => {
        assert.equal((await until(await begin('failing_job'), 'completed')).result.isError, true);
        assert.equal((await until(await begin('protocol_error_job'), 'failed')).error.code, -32603);
    });
    await check('modern: a cancelled task is cancelled', async () => {
        const taskId = await begin('slow_compute', { seconds: 60 });
        await send('tasks/cancel', { taskId });
        await until(taskId, 'cancelled');
    });
    await check('modern: a task that nobody made is unknown', async () =>
        assert.rejects(send('tasks/get', { taskId: 'no-such-task' }), /-32602/));
}
