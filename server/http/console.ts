import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { UserActor } from '#lib/access/actor.ts';
import { getActor } from '#lib/auth/request.ts';
import { refuseTooManyStreams } from '#lib/auth/watch.ts';
import { openContainerConsole } from '#lib/console/open.ts';
import { watchInside } from '#lib/containers/while-inside.ts';
import { BerthError, toProblem } from '#lib/contract/errors.ts';
import { ConsoleControl } from '#lib/contract/exec.ts';
import { Id } from '#lib/contract/ids.ts';
import { checkSameOrigin } from '#lib/http/origin.ts';
import { shutdown } from '#lib/http/shutdown.ts';
import { prepareRequest } from './headers.ts';
import type { Sites } from './sites.ts';

const path = /^\/api\/v1\/containers\/([0-9a-f-]{36})\/console$/;
/** The longest paste in one piece; hosts take it in smaller ones. */
const mostFrameBytes = 1024 * 1024;
const pieceBytes = 32 * 1024;
const backlogBytes = 1024 * 1024;
/** Close codes: 1008 = you may not (the interface does not try again); 1012 = we restart; 1011 = the other side is lost. */
const lost = 1011;
const refused = 1008;
const restarting = 1012;

/** Whether an upgrade is for a console. Not every address that somebody sends is one. */
export function isConsole(request: IncomingMessage): boolean {
  return path.test(URL.parse(request.url ?? '/', 'http://localhost')?.pathname ?? '');
}

const sockets = new WebSocketServer({ noServer: true, maxPayload: mostFrameBytes, perMessageDeflate: false });

/**
 * A console: the browser's WebSocket on one side, the host's on the other. The session is the host's, so a reload or a restart
 * of this process finds it again by its id. Closed within 2 s when the person, or their right to this container, is gone.
 */
export async function serveConsole(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  siteOf: Sites,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    const site = await siteOf(request);
    if (site === undefined) throw new BerthError('forbidden');
    prepareRequest(request, site);
    const headers = new Headers(
      Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    if (!headers.has('authorization')) checkSameOrigin(headers, site.baseUrl.href, true);
    const actor = await getActor(headers);
    if (actor === undefined) throw new BerthError('unauthenticated');
    refuseTooManyStreams(actor);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const containerId = Id.safeParse(path.exec(url.pathname)?.[1]);
    if (!containerId.success) throw new BerthError('not_found');
    const session = Id.optional().safeParse(url.searchParams.get('session') ?? undefined);
    if (!session.success) throw new BerthError('invalid', 'The session’s id is not an id.');
    const host = await openContainerConsole(actor, containerId.data, session.data);
    if (socket.destroyed) return host.terminate();
    sockets.handleUpgrade(request, socket, head, (browser) => join(actor, containerId.data, browser, host));
  } catch (error) {
    const problem = toProblem(error);
    const body = JSON.stringify(problem);
    socket.end(
      `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
}

function join(actor: UserActor, containerId: string, browser: WebSocket, host: WebSocket): void {
  const close = (code: number, reason: string) => {
    stopWatching();
    ended.removeEventListener('abort', onShutdown);
    for (const side of [browser, host]) side.close(side === browser ? code : 1000, reason);
    // A side that does not answer the close is not waited for.
    setTimeout(() => [browser, host].forEach((side) => void side.terminate()), 1000).unref();
  };
  const stopWatching = watchInside(actor, containerId, 'container.console', (why) =>
    close(refused, why.code === 'unauthenticated' ? 'signed out' : 'no longer allowed'),
  );
  const ended = shutdown().signal;
  const onShutdown = () => close(restarting, 'restarting');
  ended.addEventListener('abort', onShutdown);

  carry(browser, host, (text) => ConsoleControl.safeParse(text).success);
  carry(host, browser, () => true);
  browser.on('close', () => close(1000, ''));
  host.on('close', (code) => close(code === 1000 ? 1000 : lost, 'the host ended it'));
  for (const side of [browser, host]) side.on('error', () => close(lost, 'connection lost'));
  host.resume();
}

/** Passes frames on; a reader that is slow stops the writer instead of filling our memory. */
function carry(from: WebSocket, to: WebSocket, accepts: (control: unknown) => boolean): void {
  from.on('message', (data: RawData, binary: boolean) => {
    if (to.readyState !== to.OPEN) return;
    if (!binary && !accepts(parse(data))) return;
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
    const drained = () => {
      if (from.isPaused && to.bufferedAmount < backlogBytes) from.resume();
    };
    if (!binary) to.send(bytes, { binary }, drained);
    else for (let at = 0; at < bytes.length; at += pieceBytes) to.send(bytes.subarray(at, at + pieceBytes), drained);
    if (to.bufferedAmount >= backlogBytes) from.pause();
  });
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}
