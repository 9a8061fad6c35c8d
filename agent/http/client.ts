import type { TLSSocket } from 'node:tls';
import { identityUri } from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';

/**
 * Which service of the portal is at the other end, by the URI in its certificate, which TLS has already verified against our
 * own authority. A host's certificate, ours included, opens nothing.
 */
export function clientOf(socket: TLSSocket): 'web' | 'worker' {
  const names = socket.authorized ? (socket.getPeerCertificate().subjectaltname ?? '') : '';
  const uris = names.split(', ');
  for (const service of ['web', 'worker'] as const) {
    if (uris.includes(`URI:${identityUri.service(service)}`)) return service;
  }
  throw new BerthError('grant_refused', undefined, { inside: `client certificate names ${names || 'nobody'}` });
}
