// Single requests of either era, without a client library: for the pulse of an endpoint, and for load.
const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'pulse', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {}
};
const PATIENCE_MILLIS = 30_000;

export const isModern = spec => spec >= '2026-07-28';

/** Ends with an error unless the endpoint opens a conversation as the revision says. */
export async function pulse(url, spec) {
    try {
        if (isModern(spec)) {
            const { result } = await modern(url, 'server/discover');
            if (!result?.supportedVersions?.includes(spec)) throw new Error(`server/discover did not offer ${spec}`);
        } else {
            await (await legacySession(url, spec)).end();
        }
    } catch (error) {
        throw new Error(`${url} has no pulse at ${spec}: ${error.cause?.message ?? error.message}`);
    }
}

export function modern(url, method, params = {}, headers = {}, capabilities = {}) {
    const { message, all } = modernRequest(method, params, headers, capabilities);
    return post(url, message, all);
}

function modernRequest(method, params, headers, capabilities) {
    const name = params.name ?? params.uri ?? params.taskId;
    const meta = { ...META, 'io.modelcontextprotocol/clientCapabilities': capabilities };
    return {
        message: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } },
        all: { ...headers, 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...(name && { 'mcp-name': name }) }
    };
}

/** An open subscription: next(fits) is the params of the first message that fits, of those that were not looked at. */
export async function listen(url, notifications, headers = {}, capabilities = {}) {
    const { message, all } = modernRequest('subscriptions/listen', { notifications }, headers, capabilities);
    const stop = new AbortController();
    const answer = await fetch(url, { ...sent(message, all), signal: AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MILLIS)]) });
    if (!answer.ok) throw new Error(`subscriptions/listen was answered with ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    const events = eventsOf(answer.body);
    return {
        async next(fits) {
            for (let event = await events.next(); !event.done; event = await events.next())
                if (fits(event.value)) return event.value.params;
            throw new Error('the subscription ended');
        },
        end: () => stop.abort()
    };
}

async function* eventsOf(body) {
    let text = '';
    for await (const part of body.pipeThrough(new TextDecoderStream())) {
        const lines = (text + part).split(/\r?\n/);
        text = lines.pop();
        for (const line of lines) if (line.startsWith('data: {')) yield JSON.parse(line.slice(6));
    }
}

const sent = (message, headers) => ({
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(message)
});

export async function legacySession(url, spec, headers = {}) {
    let session = {};
    const params = { protocolVersion: spec, capabilities: {}, clientInfo: { name: 'pulse', version: '1' } };
    await post(url, { jsonrpc: '2.0', id: 0, method: 'initialize', params }, headers, answer => {
        session = { 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': spec };
    });
    const all = { ...headers, ...session };
    await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, all);
    return {
        request: (method, params = {}) => post(url, { jsonrpc: '2.0', id: 1, method, params }, all),
        end: () => fetch(url, { method: 'DELETE', headers: all })
    };
}

async function post(url, message, headers, look = () => {}) {
    const answer = await fetch(url, { ...sent(message, headers), signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${message.method} was answered with ${answer.status}: ${text.slice(0, 500)}`);
    look(answer);
    if (message.id === undefined) return undefined;
    const events = answer.headers.get('content-type')?.startsWith('text/event-stream')
        ? text.split(/\r?\n/).filter(line => line.startsWith('data: {')).map(line => JSON.parse(line.slice(6)))
        : [JSON.parse(text)];
    const reply = events.find(event => event.id === message.id && event.method === undefined);
    if (!reply) throw new Error(`${message.method} was not answered: ${text.slice(0, 500)}`);
    if (reply.error) throw new Error(`${message.method} failed: ${JSON.stringify(reply.error)}`);
    return reply;
}
