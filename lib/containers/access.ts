import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import type { Access } from '#lib/contract/containers.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { requestOperation } from '#lib/operations/request.ts';
import type { ContainerFacts } from './facts.ts';

/** Sets ssh keys, root password or host name inside; what is absent stays as it is. */
export async function setAccess(
  actor: Actor,
  id: string,
  input: z.infer<typeof Access>,
  options: { permission?: Permission } = {},
): Promise<Operation> {
  const { rootPassword, ...open } = input;
  if (rootPassword === undefined && Object.keys(open).length === 0) {
    throw new BerthError('invalid', 'Say what to change.');
  }
  // That a password was set is worth keeping; which, is not.
  const change = ({ container: { hostname, sshKeys } }: ContainerFacts) => ({
    before: {
      ...(open.hostname === undefined ? {} : { hostname }),
      ...(open.sshKeys === undefined ? {} : { sshKeys }),
    },
    after: { ...open, ...(rootPassword === undefined ? {} : { rootPasswordSet: true }) },
  });
  return await requestOperation(actor, {
    ...options,
    kind: 'access',
    containerId: id,
    input: open,
    secrets: { rootPassword },
    change,
  });
}
