/**
 * The one way out to an address that somebody has named. Which addresses a name has is asked here, all of them are judged, and the
 * socket goes to the very one that was judged: a name cannot lead elsewhere a moment later. Redirects are answers; nobody follows.
 */
import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isPublicAddress } from '../contract/addresses.ts';

export type Message = { url: string; headers: Record<string, string>; body: string };
export type Door = (message: Message) => Promise<{ status: number }>;

/** Refused before a byte was sent. */
export class AddressRefused extends Error {
  constructor(host: string) {
    super(`${host} does not lead to an address on the internet`);
    this.name = 'AddressRefused';
  }
}

export type DoorOptions = {
  /** All addresses of a name. */
  resolve?: (host: string) => Promise<{ address: string; family: number }[]>;
  mayConnect?: (address: string) => boolean;
  /** Certificate authorities besides the system's, for tests. */
  ca?: string;
  timeoutMs?: number;
};

/** Answers that take longer do not count. */
const defaultTimeoutMs = 15_000;

/** Anybody's on the internet, and not this machine's own: what listens there takes more from here than from others. */
export function mayConnectTo(address: string): boolean {
  const own = Object.values(networkInterfaces()).some((of) => of?.some((one) => one.address === address));
  return !own && isPublicAddress(address);
}

/** The address of a host to which a connection may go; all it has are judged. Rejects with {@link AddressRefused}. */
export async function judgedAddress(
  hostname: string,
  options: Pick<DoorOptions, 'resolve' | 'mayConnect'> = {},
): Promise<{ address: string; family: number }> {
  const resolve = options.resolve ?? ((name: string) => lookup(name, { all: true }));
  const mayConnect = options.mayConnect ?? mayConnectTo;
  const host = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }];
  const [first] = found;
  if (first === undefined || found.some(({ address }) => !mayConnect(address))) throw new AddressRefused(host);
  return first;
}

/** For a request: whatever name it is asked for, it says this one address. */
export function pinnedTo(address: { address: string; family: number }): LookupFunction {
  return (_name, { all }, done) => (all ? done(null, [address]) : done(null, address.address, address.family));
}

/** Rejects with {@link AddressRefused}, or with what the network said. What the other side answers is not read. */
export function openDoor(options: DoorOptions = {}): Door {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  return async ({ url: text, headers, body }) => {
    const url = new URL(text);
    if (url.protocol !== 'https:') throw new AddressRefused(url.host);
    const pinned = pinnedTo(await judgedAddress(url.hostname, options));
    return await new Promise((answered, failed) => {
      const asked = request(
        url,
        {
          method: 'POST',
          headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
          lookup: pinned,
          agent: false,
          ...(options.ca === undefined ? {} : { ca: options.ca }),
          signal: AbortSignal.timeout(timeoutMs),
        },
        (response) => {
          answered({ status: response.statusCode ?? 0 });
          response.destroy();
        },
      );
      asked.on('error', failed);
      asked.end(body);
    });
  };
}
