import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Route, routes } from '#lib/contract/routes.ts';
import type { Handler } from '#lib/http/route.ts';

const api = join(import.meta.dirname, '../../app/api/v1');

/** The interface's own handlers behind a plain HTTP server, without pages: for what asks it from another process. */
export async function startApiServer() {
  const patterns = Object.values(routes).map((route: Route) => ({
    method: route.method,
    pattern: new RegExp(`^/api/v1${route.path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
    file: join(api, route.path.replace(/\{(\w+)\}/g, '[$1]'), 'route.ts'),
  }));
  const state = { cutNext: 0, cutAnswers: 0, requests: [] as string[] };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      state.requests.push(`${request.method} ${url.pathname}`);
      const found = patterns.find((one) => one.method === request.method && one.pattern.test(url.pathname));
      if (found === undefined) return response.writeHead(404).end();
      const module = (await import(found.file)) as Record<string, Handler>;
      const params = { ...found.pattern.exec(url.pathname)?.groups };
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      const body = Buffer.concat(chunks);
      const asked = new Request(url, { method: found.method, headers, ...(body.length === 0 ? {} : { body }) });
      const given = await module[found.method]?.(asked, { params: Promise.resolve(params) });
      // Done, and the answer never arrives.
      if (state.cutNext > 0 && request.method === 'POST') {
        state.cutNext -= 1;
        return request.socket.destroy();
      }
      // Half of a download, and then nothing.
      const bytes = Buffer.from((await given?.arrayBuffer()) ?? new ArrayBuffer(0));
      response.writeHead(given?.status ?? 500, Object.fromEntries(given?.headers ?? []));
      if (state.cutAnswers > 0 && given?.headers.has('content-disposition') === true) {
        state.cutAnswers -= 1;
        response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
        return;
      }
      response.end(bytes);
    });
  };
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return { url: `http://127.0.0.1:${port}`, state, answer, stop };
}
