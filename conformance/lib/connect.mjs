// One official TypeScript client, connected over Streamable HTTP (or over HTTP with SSE where the URL ends with /sse), that remembers what it heard and was asked.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { within } from './checks.mjs';

/**
 * @param endpoint {url, key, named}: named turns a server's own tool or prompt name into the name this endpoint exposes
 * @param can what the client answers: {elicit, sample, roots}, each a function of the request's params
 */
export async function connect(endpoint, can = {}, more = {}) {
    const capabilities = {
        ...(can.elicit ? { elicitation: { form: {}, url: {} } } : {}),
        ...(can.sample ? { sampling: {} } : {}),
        ...(can.roots ? { roots: { listChanged: true } } : {}),
        ...more.capabilities
    };
    const client = new Client({ name: more.name ?? 'checks', version: '1.0.0' }, { ...more.options, capabilities });
    const asked = [];
    const answer = (schema, reply) => reply && client.setRequestHandler(schema, async (request, extra) => {
        asked.push(request);
        return reply(request.params, extra);
    });
    answer(ElicitRequestSchema, can.elicit);
    answer(CreateMessageRequestSchema, can.sample);
    answer(ListRootsRequestSchema, can.roots && (async params => ({ roots: await can.roots(params) })));
    const heard = new Heard();
    client.fallbackNotificationHandler = async notification => heard.add(notification);
    client.onerror = error => heard.errors.push(error.message);
    const headers = endpoint.key ? { authorization: `Bearer ${endpoint.key}` } : {};
    const Transport = endpoint.url.endsWith('/sse') ? SSEClientTransport : StreamableHTTPClientTransport;
    const transport = new Transport(new URL(endpoint.url), { requestInit: { headers } });
    await client.connect(transport);
    return {
        client, heard, asked, transport,
        tool: (name, args = {}, options = undefined) =>
            client.callTool({ name: endpoint.named(name), arguments: args }, undefined, options),
        prompt: (name, args = undefined) => client.getPrompt({ name: endpoint.named(name), arguments: args }),
        complete: (name, argument, context = undefined) =>
            client.complete({ ref: { type: 'ref/prompt', name: endpoint.named(name) }, argument, context }),
        async end() {
            await transport.terminateSession?.(); // a stream of events ends its session with itself
            await client.close();
        }
    };
}

/** Works with clients of its own that end with the work. */
export async function meeting(connecting, work) {
    const guests = await Promise.all(connecting);
    try {
        return await work(...guests);
    } finally {
        await Promise.all(guests.map(guest => guest.end()));
    }
}

/** Lets the guests go on only when so many have come: proof that they were here at the same time. */
export function rendezvous(size, seconds = 10) {
    let here = 0;
    let open;
    const full = new Promise(resolve => { open = resolve; });
    return () => {
        if (++here === size) open();
        return within(seconds, full, `the wait for ${size} questions at the same time (${here} came)`);
    };
}

class Heard {
    all = [];
    errors = [];
    #waiting = new Set();

    add(notification) {
        this.all.push(notification);
        for (const look of this.#waiting) look(notification);
    }

    of(method) {
        return this.all.filter(notification => notification.method === method).map(notification => notification.params);
    }

    forget() {
        this.all = [];
    }

    /** The first notification of that kind whose params fit, from the past or to come. */
    one(method, fits = () => true, seconds = 10) {
        const found = notification => notification.method === method && fits(notification.params);
        const known = this.all.find(found);
        if (known) return Promise.resolve(known);
        let look;
        const came = new Promise(resolve => {
            look = notification => found(notification) && resolve(notification);
            this.#waiting.add(look);
        });
        return within(seconds, came, `the wait for ${method} (heard: ${this.all.map(n => n.method).join(', ') || 'nothing'})`)
            .finally(() => this.#waiting.delete(look));
    }
}

export const textOf = result => result.content.filter(block => block.type === 'text').map(block => block.text).join('\n');
