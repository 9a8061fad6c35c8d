import { type FastifyInstance, fastify } from 'fastify';
import type { z } from 'zod';
import { contractHeader, contractVersion } from '#lib/contract/agent.ts';
import type { Health } from '#lib/contract/agent-state.ts';
import type { Runner } from '../actions/runner.ts';
import type { Core } from '../core.ts';
import { certificateEnd, readIdentity, readKeySet } from '../identity.ts';
import { hostBootId } from '../reconcile/reconcile.ts';
import { actionRoutes } from './actions.ts';
import { auditRoutes } from './audit.ts';
import { consoleRoutes } from './console.ts';
import { answerErrors } from './errors.ts';
import { fileRoutes } from './files.ts';
import { GrantVerifier } from './grants.ts';
import { identityRoutes } from './identity.ts';
import { serveLocally } from './local.ts';
import { readRoutes } from './reads.ts';
import { transferRoutes } from './transfers.ts';

const mostBodyBytes = 1024 * 1024;

export type AgentServer = {
  /** Where it listens, with the port the kernel gave for port 0. */
  port: number;
  /** New certificate and key from the same files, for connections from now on. */
  reloadIdentity(): void;
  close(): Promise<void>;
};

/**
 * Serves the contract over TLS 1.3 to holders of a certificate of our own authority, and to nobody else. Every request needs a grant but
 * /healthz, and those whose content the authority has signed: identity.ts, audit.ts.
 */
export async function serve(core: Core, runner: Runner): Promise<AgentServer> {
  const keySet = await readKeySet(core.config);
  let grantKeysSerial = keySet?.serial ?? 0;
  const grants = new GrantVerifier(core.config, keySet?.keys);
  await grants.ready();
  const reloadIdentity = () =>
    (server.server as unknown as { setSecureContext(options: object): void }).setSecureContext(
      readIdentity(core.config),
    );
  const server: FastifyInstance = fastify({
    logger: false, // what is worth a line is logged here, without headers and bodies
    bodyLimit: mostBodyBytes,
    forceCloseConnections: true,
    https: { ...readIdentity(core.config), requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
  }) as unknown as FastifyInstance;
  const bootId = hostBootId();

  server.addHook('onRequest', async (_request, reply) => {
    core.heard.portalAt = new Date();
    void reply.header('berth-time', new Date().toISOString()).header('berth-boot-id', bootId);
    void reply.header(contractHeader, String(contractVersion));
  });
  answerErrors(server, core);
  server.get('/healthz', async (): Promise<z.infer<typeof Health>> => {
    const time = new Date().toISOString();
    const identity = { certificateEndsAt: certificateEnd(core.config), grantKeysSerial };
    return { ok: true, hostId: core.config.hostId, contract: contractVersion, time, bootId, identity };
  });
  identityRoutes(server, core, grants, {
    identity: reloadIdentity,
    grantKeys: (serial) => {
      grantKeysSerial = serial;
    },
  });
  actionRoutes(server, core, runner, grants);
  readRoutes(server, core, grants);
  transferRoutes(server, core, grants);
  consoleRoutes(server, core, grants);
  fileRoutes(server, core, grants);
  auditRoutes(server, core);

  await server.listen({ host: core.config.listen.host, port: core.config.listen.port });
  // For emergencies: that it cannot be opened is no reason to leave the portal without its host.
  const local = await serveLocally(core, runner).catch((error: unknown) => {
    core.log.error({ err: error }, 'the socket for "berth local" cannot be opened');
    return undefined;
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : core.config.listen.port,
    reloadIdentity,
    async close() {
      await local?.close();
      await server.close();
    },
  };
}
