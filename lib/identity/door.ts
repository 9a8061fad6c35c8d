/**
 * The way to an identity provider, whose address somebody has named: as with webhooks (lib/webhooks/door.ts) each request judges the
 * addresses its name has now and goes to the very one that was judged, redirects are not followed; and what is answered is read up to a limit.
 */
import { request } from 'node:https';
import { isIn, isPublicAddress } from '../contract/addresses.ts';
import { processSlot } from '../process-slot.ts';
import { AddressRefused, type DoorOptions, judgedAddress, mayConnectTo, pinnedTo } from '../webhooks/door.ts';

type Asked = { method?: string; headers?: Record<string, string>; body?: unknown; signal?: AbortSignal };
export type Fetch = (url: string, options: Asked) => Promise<Response>;

const timeoutMs = 8_000;
const mostBytes = 512 * 1024;
/** What an administrator may allow besides the internet: this machine and its neighbourhood, but never what clouds tell secrets under. */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  'fc00::/7',
  '::1/128',
];
const metadata = ['100.100.100.200/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'];

/** Whether a connection may go there for a provider that was allowed to be on a private network. */
export function mayConnectPrivately(address: string): boolean {
  return isPublicAddress(address) || (isIn(privateNetworks, address) && !isIn(metadata, address));
}

type Ways = Pick<DoorOptions, 'resolve' | 'mayConnect' | 'ca'>;
const slot = processSlot<Ways>('identity-door');
/** Tests say where names lead, and whom to believe. */
export function setIdentityDoor(ways: Ways): void {
  slot.set(ways);
}

/** As `fetch`, for one provider. Rejects with {@link AddressRefused}, or with what the network said. */
export function providerFetch(privateNetwork: boolean): Fetch {
  return async (text, { method = 'GET', headers = {}, body, signal }) => {
    const ways = slot.peek() ?? {};
    const mayConnect = ways.mayConnect ?? (privateNetwork ? mayConnectPrivately : mayConnectTo);
    const url = new URL(text);
    if (url.protocol !== 'https:') throw new AddressRefused(url.host);
    const lookup = pinnedTo(await judgedAddress(url.hostname, { ...ways, mayConnect }));
    const sent = body === undefined || body === null ? undefined : String(body);
    const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
    return await new Promise<Response>((answered, failed) => {
      const asked = request(
        url,
        {
          ...{ method, headers, lookup, agent: false, signal: AbortSignal.any(limits) },
          ...(ways.ca === undefined ? {} : { ca: ways.ca }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > mostBytes) response.destroy(new Error('the answer is too long'));
            else chunks.push(chunk);
          });
          response.on('error', failed);
          response.on('end', () => {
            const status = response.statusCode ?? 0;
            if (status < 200 || status > 599) return failed(new Error(`answered with status ${status}`));
            const given = new Headers();
            for (const [name, value] of Object.entries(response.headers)) given.set(name, String(value));
            const none = status === 204 || status === 205 || status === 304;
            answered(new Response(none ? null : Buffer.concat(chunks), { status, headers: given }));
          });
        },
      );
      asked.on('error', failed);
      asked.end(sent);
    });
  };
}

/** In words for whoever set the provider up. What a network says of addresses stays inside. */
export function unreachableWords(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AddressRefused) return at.message;
    if (at.name === 'TimeoutError' || at.name === 'AbortError') return 'It did not answer in time';
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return 'Its certificate is not valid';
    if (code === 'ENOTFOUND') return 'Its name is not known';
    if (/^E[A-Z]+$/.test(code)) return 'It could not be reached';
  }
  return undefined;
}

/** What was wrong with an answer, in the library's words and those of what was behind it. There is no token in them. */
export function wordsOf(error: unknown): string {
  const words: string[] = [];
  for (let at = error; at instanceof Error && words.length < 3; at = at.cause) words.push(at.message);
  return (unreachableWords(error) ?? (words.join(': ') || 'It gave no answer')).slice(0, 200);
}
