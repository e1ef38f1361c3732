// Started by the suite with the URL of its server as the last argument: has the manager look after that server and uses it there.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { running, serve } from './manager.mjs';

const { DRIVER_BASE: base, DRIVER_KEY: key, DRIVER_ERA: era, MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_CONTEXT: context } = process.env;
const backend = process.argv.at(-1);

const client = new Client({ name: 'driver', version: '1.0.0' }, {
    capabilities: { elicitation: { form: { applyDefaults: true } } },
    versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' }
});
let whileAsked = async () => {};
client.setRequestHandler('elicitation/create', async request => {
    await whileAsked();
    return { action: 'accept', content: request.params.requestedSchema?.properties?.confirmed ? { confirmed: true } : {} };
});
const call = (name, args = {}) => client.callTool({ name, arguments: args });
/** What the suite's server answers with errors on purpose. */
const whatever = promise => promise.catch(error => console.error(`ended with ${error.message}`));

const WORK = {
    initialize: async () => {},
    'request-metadata': async () => {},
    'json-schema-ref-no-deref': async () => {},
    tools_call: tools => call(tools[0].name, { a: 2, b: 3 }),
    'elicitation-sep1034-client-defaults': () => call('test_client_elicitation_defaults'),
    'sse-retry': tools => whatever(call(tools[0]?.name ?? 'test_reconnection')),
    async 'sep-2322-client-request-state'() {
        whileAsked = () => whatever(call('test_mrtr_unrelated'));
        await whatever(call('test_mrtr_echo_state'));
        whileAsked = async () => {};
        await whatever(call('test_mrtr_no_state'));
        await whatever(call('test_mrtr_no_result_type'));
    },
    async 'http-standard-headers'(tools) {
        await whatever(call(tools[0].name));
        const [resource] = (await client.listResources()).resources;
        if (resource) await whatever(client.readResource({ uri: resource.uri }));
        const [prompt] = (await client.listPrompts()).prompts;
        if (prompt) await whatever(client.getPrompt({ name: prompt.name, arguments: {} }));
    },
    async 'http-custom-headers'() {
        for (const one of JSON.parse(context ?? '{}').toolCalls ?? []) await whatever(call(one.name, one.arguments));
    },
    async 'http-invalid-tool-headers'(tools) {
        for (const tool of tools) await whatever(call(tool.name, { region: 'us-west1' }));
    },
    'json-schema-2020-12-preservation': tools =>
        call('json_schema_echo', { schema: tools.find(tool => tool.name === 'json_schema_2020_12_tool').inputSchema })
};
let server = { url: backend, async remove() {} };
try {
    if (base) server = await serve(running(base, key), `suite-${process.pid}`, { type: 'http', url: backend });
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url), {
        requestInit: { headers: base ? { authorization: `Bearer ${key}` } : {} }
    }));
    const { tools } = await client.listTools();
    await WORK[scenario](tools);
    await client.close();
} catch (error) {
    console.error(`driver: ${error.stack}`);
    process.exitCode = 1;
} finally {
    await server.remove();
}
process.exit();
