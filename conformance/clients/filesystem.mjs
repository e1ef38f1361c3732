// server-filesystem: every tool, and roots that belong to one client alone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, eventually } from '../lib/checks.mjs';
import { connect, meeting, textOf } from '../lib/connect.mjs';

const PIXEL = 'GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;';

export async function filesystem(endpoint) {
    await meeting([connect(endpoint)], async ({ tool }) => {
        const allowed = async call => textOf(await call('list_allowed_directories')).split('\n').slice(1);
        const [home] = await allowed(tool);
        const folder = join(home, `checks-${process.pid}-${endpoint.transparent ? 'one' : 'all'}`);
        const at = name => join(folder, name);
        const steps = {
            async create_directory() { assert.match(textOf(await tool('create_directory', { path: folder })), /created/); },
            async write_file() {
                for (const name of ['a.txt', 'b.txt']) await tool('write_file', { path: at(name), content: `${name}\nzwölf\nthree\n` });
                await tool('write_file', { path: at('pixel.gif'), content: PIXEL });
            },
            async read_file() { assert.equal(textOf(await tool('read_file', { path: at('a.txt') })), 'a.txt\nzwölf\nthree\n'); },
            async read_text_file() { assert.equal(textOf(await tool('read_text_file', { path: at('a.txt'), head: 1 })), 'a.txt'); },
            async read_media_file() {
                const [image] = (await tool('read_media_file', { path: at('pixel.gif') })).content;
                assert.equal(Buffer.from(image.data, 'base64').toString(), PIXEL);
            },
            async read_multiple_files() {
                assert.match(textOf(await tool('read_multiple_files', { paths: [at('a.txt'), at('b.txt')] })), /a\.txt[\s\S]*b\.txt/);
            },
            async edit_file() {
                const edits = [{ oldText: 'zwölf', newText: 'twelve' }];
                assert.match(textOf(await tool('edit_file', { path: at('a.txt'), edits })), /\+twelve/);
                assert.match(textOf(await tool('read_text_file', { path: at('a.txt') })), /twelve/);
            },
            async list_directory() { assert.match(textOf(await tool('list_directory', { path: folder })), /\[FILE\] a\.txt/); },
            async list_directory_with_sizes() {
                assert.match(textOf(await tool('list_directory_with_sizes', { path: folder, sortBy: 'size' })), /Total: 3 files/);
            },
            async directory_tree() {
                const tree = JSON.parse(textOf(await tool('directory_tree', { path: folder })));
                assert.deepEqual(tree.map(node => node.name).sort(), ['a.txt', 'b.txt', 'pixel.gif']);
            },
            async move_file() {
                await tool('move_file', { source: at('b.txt'), destination: at('c.txt') });
                assert.match(textOf(await tool('search_files', { path: folder, pattern: '**/c.txt' })), /c\.txt/);
            },
            async search_files() { assert.match(textOf(await tool('search_files', { path: folder, pattern: '*.gif' })), /pixel\.gif/); },
            async get_file_info() { assert.match(textOf(await tool('get_file_info', { path: at('a.txt') })), /isFile: true/); }
        };
        for (const [name, step] of Object.entries(steps)) await check(`${name} works`, step);
        await check('a path outside is refused', async () => {
            const result = await tool('read_text_file', { path: '/etc/passwd' });
            assert.equal(result.isError, true);
            assert.match(textOf(result), /outside allowed directories/);
        });
        await check('roots of one client do not become those of another', async () => {
            const roots = () => [{ uri: pathToFileURL(folder).href, name: 'folder' }];
            await meeting([connect(endpoint, { roots })], async guest => {
                await eventually(async () => (await allowed(guest.tool)).join() === folder, folder);
                assert.deepEqual(await allowed(tool), [home]);
            });
        });
    });
}
