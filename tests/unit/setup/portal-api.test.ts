import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { portalApi } from '#server/setup/portal-api.ts';

const id = '01a2145d-8d34-736b-983b-f3e314d0fc00';
const running = {
  ...{
    id,
    kind: 'template-build',
    containerId: null,
    containerName: null,
    tenantId: null,
    hostId: null,
    state: 'running',
  },
  ...{ lock: 'exclusive', attempt: 1, steps: [], percent: 0, cancelRequested: false, error: null, evidence: [] },
  ...{ actor: { kind: 'system', id: null, name: 'set-up' }, result: {}, queuedAt: new Date().toISOString() },
  ...{ can: { cancel: true, retry: false, undo: false, confirm: false, resolve: false } },
  ...{ startedAt: null, endedAt: null },
};

let close = () => {};
afterEach(() => close());

/** A portal that says this. */
async function portal(answer: (request: IncomingMessage) => [number, unknown]) {
  const server = createServer((request, response) => {
    const [status, body] = answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  close = () => void server.close();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return portalApi({ connectTo: url, baseUrl: url });
}

const problem = (code: string, more = {}) => ({
  type: `urn:berth:error:${code}`,
  title: code,
  status: 409,
  code,
  ...more,
});

it('a set-up that was interrupted goes on with what it had asked for', async () => {
  const asked: string[] = [];
  const api = await portal((request) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.method === 'POST') return [409, problem('already', { operationId: id, reference: 'r' })];
    return [200, running];
  });
  expect(await api.begin('/templates', { name: 'debian-12' })).toMatchObject({ id, state: 'running' });
  expect(asked).toEqual(['POST /api/v1/templates', `GET /api/v1/operations/${id}`]);
});

it('anything else in its way is an error that says what was answered', async () => {
  const api = await portal(() => [409, problem('busy', { operationId: id, reference: 'r' })]);
  await expect(api.begin('/templates', {})).rejects.toThrow('409 to POST /templates');
});
