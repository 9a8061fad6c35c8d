import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { IdentityCertificate, IdentityGrantKeys, type IdentityRequest } from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import { requestCertificate, takeCertificate, takeKeySet } from '../identity.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { parse, tlsSocket } from './request.ts';

/** Renewal of who we are and whom we obey: for the worker alone, and only what the authority has signed. */
export function identityRoutes(
  server: FastifyInstance,
  core: Core,
  grants: GrantVerifier,
  changed: { identity(): void; grantKeys(serial: number): void },
): void {
  const onlyWorker = (request: FastifyRequest) => {
    if (clientOf(tlsSocket(request)) !== 'worker') throw new BerthError('grant_refused');
  };

  server.post('/v1/identity/request', async (request): Promise<z.infer<typeof IdentityRequest>> => {
    onlyWorker(request);
    return { csr: await requestCertificate(core.config) };
  });

  server.put('/v1/identity/certificate', async (request) => {
    onlyWorker(request);
    takeCertificate(core.config, parse(IdentityCertificate, request.body, '').certificate);
    changed.identity();
    core.log.info('a new certificate');
    return {};
  });

  server.put('/v1/identity/grant-keys', async (request) => {
    onlyWorker(request);
    const set = await takeKeySet(core.config, parse(IdentityGrantKeys, request.body, '').keys);
    await grants.replaceKeys(set.keys);
    changed.grantKeys(set.serial);
    core.log.info({ serial: set.serial }, 'new grant keys');
    return {};
  });
}
