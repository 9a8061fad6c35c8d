import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { BerthError } from '#lib/contract/errors.ts';

/** Every connection of this server is TLS: there is no other listener. */
export function tlsSocket(request: FastifyRequest): TLSSocket {
  return request.raw.socket as TLSSocket;
}

/**
 * A connection on which nothing moves for so long is given up. Node's server ends it by itself; a listener of ours would stay for every
 * request that comes on the same one. It takes the time back when the answer is over.
 */
export function giveUpWhenIdle({ raw }: FastifyRequest, idleMs: number): void {
  raw.socket.setTimeout(idleMs);
}

export function headerOf(
  request: { headers: Record<string, string | string[] | undefined> },
  name: string,
): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The value in the schema's shape, or `invalid` with what is wrong where. Values themselves are not repeated: they may be secret. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, at: string): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: [at, ...path.map(String)].filter((part) => part !== '').join('.'),
    message,
  }));
  throw new BerthError('invalid', undefined, { issues });
}
