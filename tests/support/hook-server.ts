import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCa, createRequest, issueHostCert } from '#lib/pki/ca.ts';

export type Heard = { headers: IncomingHttpHeaders; body: string };

/** A receiver of webhooks on loopback under names of its own. `answer` decides the status of each request. */
export async function startHookServer(names: string[]) {
  const ca = await createCa('hooks of a test');
  const { csr, key } = await createRequest();
  const cert = await issueHostCert(ca, csr, '01900000-0000-7000-8000-000000000001', names);
  const heard: Heard[] = [];
  const state = { connections: 0, answer: (_heard: Heard): number => 204 };
  const server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      heard.push(one);
      const status = state.answer(one);
      response.writeHead(status, status === 302 ? { location: `https://127.0.0.1:${port}/elsewhere` } : {}).end();
    });
  });
  server.on('connection', () => {
    state.connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return { ca: ca.certificate, port, heard, state, stop };
}
