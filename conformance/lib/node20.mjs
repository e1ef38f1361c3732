// The suite imports fs.globSync, which Node has from 22 on, for a command that is not used here.
// With Node 20 this loader gives it an fs that has the name; see https://nodejs.org/api/module.html#moduleregisterspecifier-parenturl-options
import fs from 'node:fs';
import { register } from 'node:module';

const shim = `data:text/javascript,${encodeURIComponent(`
export * from 'node:fs';
export const globSync = () => { throw new Error('fs.globSync needs Node 22'); };`)}`;
const hook = `export async function resolve(specifier, context, next) {
    return specifier === 'fs' && context.parentURL?.includes('/@modelcontextprotocol/conformance/')
        ? { url: ${JSON.stringify(shim)}, shortCircuit: true }
        : next(specifier, context);
}`;
if (!fs.globSync) register(`data:text/javascript,${encodeURIComponent(hook)}`);
