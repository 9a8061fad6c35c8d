import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Language } from '#lib/contract/language.ts';

export type Site = {
  /** What people type. */
  baseUrl: URL;
  /** A proxy on loopback may say who is behind it. */
  behindProxy: boolean;
  dev: boolean;
  /** The reseller whose name it is; absent: the panel's own. */
  brand?: string;
  /** What is spoken there unless somebody chooses; absent: what their browser asks for. */
  language?: Language | null;
};

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** The address a request comes from: the last one our own proxy added, or the connection's. */
export function clientAddress(request: IncomingMessage, site: Site): string {
  const direct = (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  if (!site.behindProxy || !isLoopback(direct)) return direct;
  const forwarded = request.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').at(-1)?.trim();
  return last === undefined || last === '' ? direct : last;
}

/** Whether the request names us: our own host name, or loopback (then only reached from this machine). */
export function isOurHost(request: IncomingMessage, site: Site): boolean {
  const host = request.headers.host ?? '';
  if (host === site.baseUrl.host) return true;
  return (
    loopbackHosts.has(host.replace(/:\d+$/, '')) &&
    isLoopback((request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''))
  );
}

/**
 * What the rest of the process may believe of a request: headers by which a client could pretend are dropped or written
 * anew. Returns the nonce for this answer's scripts; Next finds it in the request's policy and puts it on its own.
 */
export function prepareRequest(request: IncomingMessage, site: Site): string {
  const nonce = randomBytes(16).toString('base64');
  const { headers } = request;
  const address = clientAddress(request, site);
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name.startsWith('x-middleware-') || name.startsWith('x-berth-'))
      delete headers[name];
  }
  headers['x-berth-address'] = address;
  headers['x-berth-nonce'] = nonce;
  headers['x-berth-path'] = pathOf(request);
  if (site.brand !== undefined) headers['x-berth-brand'] = site.brand;
  headers['x-forwarded-for'] = address;
  headers['x-forwarded-host'] = site.baseUrl.host;
  headers['x-forwarded-proto'] = site.baseUrl.protocol.slice(0, -1);
  headers['content-security-policy'] = contentSecurityPolicy(nonce, site);
  return nonce;
}

/** The page somebody asked for, to come back to after the sign-in; a layout cannot know which of its pages it frames. */
function pathOf(request: IncomingMessage): string {
  const asked = URL.parse(request.url ?? '/', 'http://localhost');
  if (asked === null) return '/';
  const { pathname, searchParams } = asked;
  // Next's own mark of a request for data.
  searchParams.delete('_rsc');
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}

/** Scripts: ours by nonce and what those load; nothing inline, no exception. Inline styles are allowed: charts place by them. */
export function contentSecurityPolicy(nonce: string, site: Site): string {
  const socket = `${site.baseUrl.protocol === 'https:' ? 'wss' : 'ws'}://${site.baseUrl.host}`;
  return [
    "default-src 'self'",
    // The development bundler evaluates what it reloads.
    `script-src 'nonce-${nonce}' 'strict-dynamic'${site.dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    // Pictures from containers are shown as copies that the page itself has made.
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${socket}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What the interface answers is data, a tenant's files among it: should a browser show it all the same, it may do nothing. */
const dataPolicy = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** The headers every answer carries. They come before the route's own, and stay. */
export function secureResponse(request: IncomingMessage, response: ServerResponse, nonce: string, site: Site): void {
  const isData = request.url?.startsWith('/api/v1/') === true;
  response.setHeader('content-security-policy', isData ? dataPolicy : contentSecurityPolicy(nonce, site));
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
  if (site.baseUrl.protocol === 'https:') {
    // What else is below a reseller's name is not ours to decide.
    const below = site.brand === undefined ? '; includeSubDomains' : '';
    response.setHeader('strict-transport-security', `max-age=31536000${below}`);
  }
}
