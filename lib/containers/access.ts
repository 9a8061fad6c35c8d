import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Access } from '#lib/contract/rest.ts';
import { requestOperation } from '#lib/operations/request.ts';

/** Sets ssh keys, root password or host name inside; what is absent stays as it is. */
export async function setAccess(actor: Actor, id: string, input: z.infer<typeof Access>): Promise<Operation> {
  const { rootPassword, ...open } = input;
  if (rootPassword === undefined && Object.keys(open).length === 0) {
    throw new BerthError('invalid', 'Say what to change.');
  }
  return await requestOperation(actor, { kind: 'access', containerId: id, input: open, secrets: { rootPassword } });
}
