// server-memory: every tool, each with structured content.
import assert from 'node:assert/strict';
import { check } from '../lib/checks.mjs';
import { connect, meeting } from '../lib/connect.mjs';

export async function memory(endpoint) {
    await meeting([connect(endpoint)], async ({ tool }) => {
        const mine = name => `${name}-${process.pid}-${endpoint.transparent ? 'one' : 'all'}`;
        const [ada, loom] = ['ada', 'loom'].map(mine);
        const link = { from: ada, to: loom, relationType: 'knows' };
        const call = async (name, args = {}) => (await tool(name, args)).structuredContent;
        const steps = {
            async create_entities() {
                const entities = [ada, loom].map(name => ({ name, entityType: 'thing', observations: [`saw ${name}`] }));
                assert.deepEqual((await call('create_entities', { entities })).entities, entities);
            },
            async create_relations() { assert.deepEqual((await call('create_relations', { relations: [link] })).relations, [link]); },
            async add_observations() {
                const observations = [{ entityName: ada, contents: ['writes 📝 notes'] }];
                assert.deepEqual((await call('add_observations', { observations })).results[0].addedObservations, ['writes 📝 notes']);
            },
            async read_graph() {
                const graph = await call('read_graph');
                assert.deepEqual(graph.entities.find(entity => entity.name === ada).observations, [`saw ${ada}`, 'writes 📝 notes']);
            },
            async search_nodes() { assert.deepEqual((await call('search_nodes', { query: loom })).entities.map(e => e.name), [loom]); },
            async open_nodes() { assert.deepEqual((await call('open_nodes', { names: [ada] })).entities.map(e => e.name), [ada]); },
            async delete_observations() {
                await call('delete_observations', { deletions: [{ entityName: ada, observations: [`saw ${ada}`] }] });
                assert.deepEqual((await call('open_nodes', { names: [ada] })).entities[0].observations, ['writes 📝 notes']);
            },
            async delete_relations() { assert.equal((await call('delete_relations', { relations: [link] })).success, true); },
            async delete_entities() {
                await call('delete_entities', { entityNames: [ada, loom] });
                assert.deepEqual((await call('open_nodes', { names: [ada, loom] })).entities, []);
            }
        };
        for (const [name, step] of Object.entries(steps)) await check(`${name} works`, step);
    });
}
