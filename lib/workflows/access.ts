import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { keysBecome } from '#lib/containers/keys.ts';
import { Hostname, SshPublicKey } from '#lib/contract/fields.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { containerChanged, containerOf, type Workflow } from './work.ts';

export const AccessInput = z.object({ hostname: Hostname.optional(), sshKeys: z.array(SshPublicKey).optional() });

/** access: one step. No undo: an old password is nowhere kept; what failed half-way is asked for again. */
export const access: Workflow<'access'> = {
  kind: 'access',
  steps: {
    access: {
      actions: async (tx, work) => {
        const { hostname, sshKeys } = AccessInput.parse(work.operation.input);
        const rootPassword = await work.secret(tx, 'rootPassword');
        return [
          {
            verb: 'container.access',
            args: { ...(hostname === undefined ? {} : { hostname }), ...(sshKeys === undefined ? {} : { sshKeys }) },
            secrets: rootPassword === undefined ? {} : { rootPassword },
          },
        ];
      },
      done: async (tx, work) => {
        const { hostname, sshKeys } = AccessInput.parse(work.operation.input);
        if (hostname === undefined && sshKeys === undefined) return undefined;
        await tx
          .update(containers)
          .set({
            ...(hostname === undefined ? {} : { hostname }),
            ...(sshKeys === undefined ? {} : keysBecome(containerOf(work), sshKeys)),
          })
          .where(eq(containers.id, containerOf(work).id));
        return undefined;
      },
    },
  },
  events: containerChanged,
};
