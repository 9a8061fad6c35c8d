/**
 * Requests to servers that others have named. The address is decided here, at the moment of connecting, and it is that address
 * the socket goes to: a name cannot lead elsewhere a moment later. Redirects are answers like any other; nothing follows them.
 */
import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { isAddress } from './addresses.ts';
import { effect } from './fault.ts';

/** Whoever answers this slowly is not there: nothing at all for so long. */
const silenceMs = 60_000;

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
export type Answered = { status: number; headers: IncomingHttpHeaders; body: IncomingMessage };
/** Rejects with {@link AddressRefused}, or with what the network said. The caller reads or destroys the body. */
export type Outbound = (label: string, asked: Asked) => Promise<Answered>;

/** `mayConnect` is asked about every address a name has; one that is refused refuses the name. */
export function createOutbound(mayConnect: (address: string, protocol: string) => boolean): Outbound {
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true }) };
  const resolve = async (host: string, protocol: string) => {
    const found = await lookup(host, { all: true });
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
      request.on('timeout', () => request.destroy(new Error('the server has not said a word for a minute')));
      const answer = new Promise<IncomingMessage>((done, failed) => {
        request.once('response', done);
        request.once('error', failed);
      });
      if (body === undefined) request.end();
      // A server that has seen enough answers before all is sent: its answer counts, not that the rest found nobody.
      else pipeline(body.stream, request).catch((error: Error) => request.destroy(error));
      const response = await answer;
      return { status: response.statusCode ?? 0, headers: response.headers, body: response };
    });
}

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

/** Nobody wants the rest; the connection can be used again when it is short. */
export async function discard(body: Readable): Promise<void> {
  body.resume();
  await finished(body).catch(() => {});
}

export const bytesOf = (content: Buffer) => ({ stream: Readable.from([content]), bytes: content.length });
