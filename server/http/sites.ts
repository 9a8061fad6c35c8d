import type { IncomingMessage } from 'node:http';
import type { Language } from '#lib/contract/language.ts';
import { isOurHost, type Site } from './headers.ts';

/** Under which of our names a request came; undefined: under none. Rejects when nobody can tell. */
export type Sites = (request: IncomingMessage) => Promise<Site | undefined>;

const rememberMs = 3_000;
const mostRemembered = 5_000;

/**
 * The host name decides the brand. A brand's name counts as long as it is proven, with the panel's own port: a Host header that is
 * anything but such a name and that port is nobody's, whatever else it says. What was looked up is remembered for seconds.
 */
type Brand = { id: string; language: Language | null };
export function sitesOf(own: Site, brandOfHost: (host: string) => Promise<Brand | null>): Sites {
  const known = new Map<string, { brand: Brand | null; at: number }>();
  return async (request) => {
    if (isOurHost(request, own)) return own;
    const host = hostnameOf(request.headers.host ?? '', own.baseUrl);
    if (host === undefined) return undefined;
    let found = known.get(host);
    if (found === undefined || Date.now() - found.at > rememberMs) {
      found = { brand: await brandOfHost(host), at: Date.now() };
      if (known.size >= mostRemembered) known.clear();
      known.set(host, found);
    }
    if (found.brand === null) return undefined;
    const baseUrl = new URL(own.baseUrl);
    baseUrl.hostname = host;
    return { ...own, baseUrl, brand: found.brand.id, language: found.brand.language };
  };
}

/** The name in a Host header, if that is one plain name and our port. */
export function hostnameOf(header: string, own: URL): string | undefined {
  const match = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+)(?::(\d{1,5}))?$/.exec(
    header.toLowerCase(),
  );
  const name = match?.[1];
  if (name === undefined || name.length > 253) return undefined;
  const usual = own.protocol === 'https:' ? '443' : '80';
  return (match?.[5] ?? usual) === (own.port || usual) ? name : undefined;
}
