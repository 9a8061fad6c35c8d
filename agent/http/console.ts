/**
 * Consoles over WebSocket: binary frames are terminal bytes, text frames {@link ConsoleControl}. The session lives in the
 * runtime; a closed socket only detaches. How the pieces of a session outlive this connection is the console adapter's matter.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { grantHeader } from '#lib/contract/agent.ts';
import { BerthError, errorCodes, toProblem } from '#lib/contract/errors.ts';
import { ConsoleControl } from '#lib/contract/exec.ts';
import { Id } from '#lib/contract/ids.ts';
import { present } from '../actions/definition.ts';
import type { ConsoleSession } from '../adapters.ts';
import type { Core } from '../core.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { refuseOlder } from './reads.ts';
import { headerOf, parse, tlsSocket } from './request.ts';

const Params = z.object({ id: Id, sessionId: Id });
const path = /^\/v1\/containers\/([^/]+)\/console\/([^/?]+)(?:\?.*)?$/;
const firstSize = { cols: 80, rows: 24 };
const mostFrameBytes = 64 * 1024;
/** A reader this far behind is cut off; it attaches again and gets the scrollback. */
const mostUnsentBytes = 4 * 1024 * 1024;
const pingMs = 15_000;

export function consoleRoutes(server: FastifyInstance, core: Core, grants: GrantVerifier): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostFrameBytes, perMessageDeflate: false });

  const admit = async (request: IncomingMessage, socket: TLSSocket) => {
    const client = clientOf(socket);
    const [, id, sessionId] = path.exec(request.url ?? '') ?? [];
    const params = parse(Params, { id, sessionId }, '');
    await admitSession(request, client, params);
    if (!core.adapters.runtime.state(params.id).running) throw new BerthError('state', 'The container does not run.');
    return core.adapters.runtime.openConsole(params.id, params.sessionId, firstSize);
  };

  const admitSession = async (
    request: { headers: Record<string, string | string[] | undefined> },
    client: 'web' | 'worker',
    { id, sessionId }: z.infer<typeof Params>,
  ) => {
    const demand = { verb: 'console.open', containerId: id, args: {}, id: sessionId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), client, demand);
    refuseOlder(core, id, claims.generation);
    present(core, id);
    core.log.info({ containerId: id, sessionId, actor: claims.sub }, 'console');
  };

  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    admit(request, socket as TLSSocket).then(
      (session) => sockets.handleUpgrade(request, socket, head, (ws) => serve(ws, session)),
      (error: unknown) => {
        core.log.warn({ err: error, url: request.url }, 'console refused');
        refuse(socket, error);
      },
    );
  });

  server.delete('/v1/containers/:id/console/:sessionId', async (request, reply) => {
    const params = parse(Params, request.params, '');
    await admitSession(request, clientOf(tlsSocket(request)), params);
    await core.adapters.runtime.closeConsole(params.id, params.sessionId);
    return reply.code(204).send();
  });

  server.addHook('preClose', async () => {
    for (const ws of sockets.clients) ws.close(1001, 'the agent is being restarted');
  });
}

function serve(ws: WebSocket, session: ConsoleSession): void {
  const control = (word: ConsoleControl) => ws.send(JSON.stringify(word));
  const attached = session.attach({
    onData(bytes) {
      if (ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > mostUnsentBytes) ws.terminate();
      else ws.send(bytes, { binary: true });
    },
    onExit(status) {
      if (ws.readyState !== ws.OPEN) return;
      control({ type: 'exit', status });
      ws.close(1000, 'the session has ended');
    },
  });
  let answered = true;
  ws.on('pong', () => {
    answered = true;
  });
  const pings = setInterval(() => {
    if (!answered) return ws.terminate();
    answered = false;
    ws.ping();
  }, pingMs);
  ws.on('message', (data: RawData, binary: boolean) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
    if (binary) return attached.write(bytes);
    const word = ConsoleControl.safeParse(jsonOrNull(bytes.toString('utf8')));
    if (word.success && word.data.type === 'resize') attached.resize(word.data.cols, word.data.rows);
    else ws.close(1008, 'not a control word');
  });
  ws.on('error', () => ws.terminate());
  ws.on('close', () => {
    clearInterval(pings);
    attached.detach();
  });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuse(socket: Duplex, error: unknown): void {
  const problem = toProblem(error);
  const body = JSON.stringify(problem);
  const { status } = errorCodes[problem.code];
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nberth-time: ${new Date().toISOString()}\r\nconnection: close\r\n\r\n${body}`,
  );
}
