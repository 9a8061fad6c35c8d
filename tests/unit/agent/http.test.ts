import { Agent, get } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { expect, it } from 'vitest';
import { Run } from '#agent/actions/runner.ts';
import { stream } from '#agent/http/actions.ts';
import { giveUpWhenIdle } from '#agent/http/request.ts';

it('progress that nobody reads is not kept, the result is', async () => {
  const chunk = { type: 'progress' as const, message: 'Packing', percent: 1 };
  const { promise: outcome, resolve } = Promise.withResolvers<{ ok: true; result: object }>();
  let report: (event: typeof chunk) => void = () => {};
  const run = new Run((tell) => {
    report = tell;
    return outcome as never;
  });
  const into: Readable[] = [];
  const reply = { header: () => reply, send: (lines: Readable) => into.push(lines) };
  stream(reply as unknown as FastifyReply, run);
  const [sent] = into;
  for (let n = 0; n < 100_000; n += 1) report(chunk);
  expect(sent?.readableLength).toBeLessThan(128 * 1024);
  resolve({ ok: true, result: {} });
  const lines = (await sent?.toArray())?.join('').trim().split('\n') ?? [];
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ type: 'result', ok: true, result: {} });
});

it('a connection on which nothing moves is given up, and keeps nothing of the requests before', async () => {
  const server = fastify();
  const sockets = new Set<Socket>();
  const listeners: number[] = [];
  const idle = (request: FastifyRequest, idleMs: number) => {
    sockets.add(request.raw.socket);
    giveUpWhenIdle(request, idleMs);
    listeners.push(request.raw.socket.listenerCount('timeout'));
  };
  server.get('/short', async (request) => {
    idle(request, 60_000);
    return 'done';
  });
  server.get('/stuck', (request) => {
    idle(request, 200);
    return new Promise(() => {});
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string) =>
    new Promise((done, failed) => {
      get({ port, host: '127.0.0.1', path, agent }, (answer) => answer.resume().once('end', done)).once(
        'error',
        failed,
      );
    });
  for (let n = 0; n < 5; n += 1) await ask('/short');
  expect(sockets.size).toBe(1);
  expect(new Set(listeners).size).toBe(1);
  await expect(ask('/stuck')).rejects.toMatchObject({ code: 'ECONNRESET' });
  agent.destroy();
  await server.close();
});
