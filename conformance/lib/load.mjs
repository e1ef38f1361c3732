// Clients that call without a pause while the suite judges: what it sees under load.
import { isModern, legacySession, modern } from './wire.mjs';

const CALL = { name: 'test_simple_text', arguments: {} };

/** @returns a function that ends the load and tells {calls, failures: [message]} */
export function load(url, spec, key, clients) {
    const headers = key ? { authorization: `Bearer ${key}` } : {};
    const told = { calls: 0, failures: [] };
    let going = true;
    const client = async () => {
        const session = isModern(spec) ? undefined : await legacySession(url, spec, headers);
        while (going) {
            const { result } = await (session ? session.request('tools/call', CALL) : modern(url, 'tools/call', CALL, headers));
            if (result.content[0].text !== 'This is a simple text response for testing.') throw new Error(`wrong answer: ${JSON.stringify(result)}`);
            told.calls++;
        }
        await session?.end();
    };
    const all = Array.from({ length: clients }, () => client().catch(error => told.failures.push(error.cause?.message ?? error.message)));
    return async () => {
        going = false;
        await Promise.all(all);
        return told;
    };
}
