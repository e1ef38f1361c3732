// The suite cannot send headers of its own: a loopback proxy adds them. Bytes pass as they come, so streams stay streams.
import { createServer, request } from 'node:http';

/** @returns {Promise<{url: string, close: () => void}>} the same endpoint with the headers added */
export async function withHeaders(target, headers) {
    const to = new URL(target);
    const server = createServer((req, res) => {
        const own = `:${server.address().port}`;
        const home = value => (value?.endsWith(own) ? value.slice(0, -own.length) + (to.port && `:${to.port}`) : value);
        const sent = { ...req.headers, ...headers, host: home(req.headers.host) };
        if (sent.origin) sent.origin = home(sent.origin);
        const on = request({ host: to.hostname, port: to.port || 80, path: req.url, method: req.method, headers: sent, agent: false });
        on.setNoDelay(true);
        on.on('response', answer => {
            res.writeHead(answer.statusCode, answer.statusMessage, answer.headers);
            res.flushHeaders();
            answer.pipe(res);
            answer.on('error', () => res.destroy());
        });
        on.on('error', error => (res.headersSent ? res.destroy() : res.writeHead(502).end(`${to.host}: ${error.message}`)));
        res.on('close', () => on.destroy());
        req.pipe(on);
    });
    await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    server.unref();
    return {
        url: `http://127.0.0.1:${server.address().port}${to.pathname}${to.search}`,
        close: () => { server.close(); server.closeAllConnections(); }
    };
}
