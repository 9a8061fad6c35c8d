import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { BerthError, toProblem } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';

/** Every refusal as problem details, and a line in the log that says more. */
export function answerErrors(server: FastifyInstance, core: Core): void {
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
