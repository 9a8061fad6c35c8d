import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FastifyInstance, fastify } from 'fastify';
import type { z } from 'zod';
import { contractVersion, type Health } from '#lib/contract/agent.ts';
import { BerthError, toProblem } from '#lib/contract/errors.ts';
import type { Runner } from '../actions/runner.ts';
import type { Core } from '../core.ts';
import { hostBootId } from '../reconcile/reconcile.ts';
import { actionRoutes } from './actions.ts';
import { consoleRoutes } from './console.ts';
import { GrantVerifier } from './grants.ts';
import { readRoutes } from './reads.ts';

const mostBodyBytes = 1024 * 1024;

export type AgentServer = {
  /** Where it listens, with the port the kernel gave for port 0. */
  port: number;
  /** New certificate and key from the same files, for connections from now on. */
  reloadIdentity(): void;
  close(): Promise<void>;
};

/**
 * Serves the contract over TLS 1.3 to holders of a certificate of our own authority, and to nobody else. Every request but
 * /healthz needs a grant.
 */
export async function serve(core: Core, runner: Runner): Promise<AgentServer> {
  const grants = new GrantVerifier(core.config);
  await grants.ready();
  const identity = () => ({
    key: readFileSync(core.config.identity.key),
    cert: readFileSync(core.config.identity.certificate),
    ca: readFileSync(core.config.identity.ca),
  });
  const server: FastifyInstance = fastify({
    logger: false, // what is worth a line is logged here, without headers and bodies
    bodyLimit: mostBodyBytes,
    forceCloseConnections: true,
    https: { ...identity(), requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
  }) as unknown as FastifyInstance;
  const bootId = hostBootId();

  server.addHook('onRequest', async (_request, reply) => {
    void reply.header('berth-time', new Date().toISOString()).header('berth-boot-id', bootId);
  });
  server.setErrorHandler((error, request, reply) => {
    const reference = randomUUID();
    const problem = toProblem(known(error), reference);
    const facts = { err: error, inside: error instanceof BerthError ? error.inside : undefined, reference };
    core.log[problem.status >= 500 ? 'error' : 'warn'](
      { ...facts, method: request.method, url: request.url, remote: request.ip },
      'refused',
    );
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  server.setNotFoundHandler(() => {
    throw new BerthError('not_found');
  });
  server.get('/healthz', async (): Promise<z.infer<typeof Health>> => {
    const time = new Date().toISOString();
    return { ok: true, hostId: core.config.hostId, contract: contractVersion, time, bootId };
  });
  actionRoutes(server, core, runner, grants);
  readRoutes(server, core, grants);
  consoleRoutes(server, core, grants);

  await server.listen({ host: core.config.listen.host, port: core.config.listen.port });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : core.config.listen.port,
    reloadIdentity: () =>
      (server.server as unknown as { setSecureContext(options: object): void }).setSecureContext(identity()),
    close: () => server.close(),
  };
}

/** The framework's own refusals (body too large, not JSON) in our words. */
function known(error: unknown): unknown {
  if (error instanceof BerthError) return error;
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return new BerthError('too_large', undefined, { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new BerthError('invalid', undefined, { cause: error });
  }
  return error;
}
