/**
 * Requests to servers that others have named. The address is decided here, at the moment of connecting, and it is that address
 * the socket goes to: a name cannot lead elsewhere a moment later. Redirects are answers like any other; nothing follows them.
 */
import type { Hash } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isAddress } from '#lib/contract/addresses.ts';
import { effect } from './fault.ts';

/** Whoever answers this slowly is not there: nothing at all for so long. */
const silenceMs = 60_000;
/**
 * Nor is one of use that moves less than this in each such span while it is talked to: it would hold up an order, and those that wait
 * behind it, for as long as it likes.
 */
const paceMs = 60_000;
const paceBytes = 1024 * 1024;

/** Refused before a byte was sent: the address is not one to connect to. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} is not an address to connect to`);
    this.name = 'AddressRefused';
  }
}

export type Asked = {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  url: URL;
  headers?: Record<string, string>;
  body?: { stream: Readable; bytes: number };
};
/** `address`: where the answer came from. */
export type Answered = {
  status: number;
  headers: IncomingHttpHeaders;
  body: IncomingMessage;
  address: string | undefined;
};
/** Rejects with {@link AddressRefused}, or with what the network said. The caller reads or destroys the body. */
export type Outbound = (label: string, asked: Asked) => Promise<Answered>;

export type Resolve = (host: string) => Promise<LookupAddress[]>;
type Options = { resolve?: Resolve; paceMs?: number };

/** Ends a request that has hardly moved in a whole span: an answer of some bytes a minute is never silent, and never done. */
function keepPace(request: ClientRequest, spanMs: number): void {
  let before = 0;
  const timer = setInterval(() => {
    const { socket } = request;
    const moved = socket === null ? 0 : socket.bytesRead + socket.bytesWritten;
    if (moved - before < paceBytes) request.destroy(new Error('the server is too slow to be of use'));
    before = moved;
  }, spanMs);
  timer.unref();
  request.once('socket', ({ bytesRead, bytesWritten }) => {
    before = bytesRead + bytesWritten; // of requests before this one on the same connection
  });
  request.once('close', () => clearInterval(timer));
}

/** `mayConnect` is asked about every address a name has; one that is refused refuses the name. */
export function createOutbound(
  mayConnect: (address: string, protocol: string) => boolean,
  { resolve: askNames = (host) => lookup(host, { all: true }), paceMs: spanMs = paceMs }: Options = {},
): Outbound {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  const resolve = async (host: string, protocol: string) => {
    const found = await askNames(host);
    if (found.length === 0 || found.some(({ address }) => !mayConnect(address, protocol)))
      throw new AddressRefused(host);
    return found;
  };
  return (label, { method, url, headers, body }) =>
    effect(label, async () => {
      const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
      const host = url.hostname.replace(/^\[|\]$/g, '');
      // For an address no name is looked up, so nobody would be asked.
      if (isAddress(host) && !mayConnect(host, protocol)) throw new AddressRefused(host);
      const pinned: LookupFunction = (name, options, done) => {
        resolve(name, protocol).then(
          (found) => {
            const [first] = found;
            if (options.all) done(null, found);
            else done(null, first?.address ?? '', first?.family);
          },
          (error: NodeJS.ErrnoException) => done(error, '', 0),
        );
      };
      const length = body === undefined ? {} : { 'content-length': String(body.bytes) };
      const options = { method, headers: { ...headers, ...length }, lookup: pinned, timeout: silenceMs };
      const request =
        protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: agents[protocol] })
          : httpRequest(url, { ...options, agent: agents[protocol] });
      keepPace(request, spanMs);
      request.on('timeout', () => request.destroy(new Error('the server has not said a word for a minute')));
      const answer = new Promise<IncomingMessage>((done, failed) => {
        request.once('response', done);
        request.once('error', failed);
      });
      if (body === undefined) request.end();
      // A server that has seen enough answers before all is sent: its answer counts, not that the rest found nobody.
      else pipeline(body.stream, request).catch((error: Error) => request.destroy(error));
      const response = await answer;
      const { statusCode: status = 0, headers: answered } = response;
      return { status, headers: answered, body: response, address: response.socket.remoteAddress };
    });
}

/**
 * Passes on at most so many bytes, and fails at the next: what a server sends is as long as it likes. `hash` gets what passes.
 */
export function atMost(bytes: number, hash?: Hash): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash?.update(chunk);
      done(size > bytes ? new Error(`the answer is longer than ${bytes} bytes`) : null, chunk);
    },
  });
}

const mostDiscarded = 1024 * 1024;

/** The whole of a body; rejects when it is longer than `most` bytes. */
export async function readBody(body: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new Error(`the answer is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Nobody wants the rest. A short one is read, so that the connection can be used again; a long one ends the connection. */
export async function discard(body: Readable): Promise<void> {
  await readBody(body, mostDiscarded).catch(() => body.destroy());
}

export const bytesOf = (content: Buffer) => ({ stream: Readable.from([content]), bytes: content.length });
