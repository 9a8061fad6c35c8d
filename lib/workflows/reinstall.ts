import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { keysBecome } from '#lib/containers/keys.ts';
import { SshPublicKey } from '#lib/contract/fields.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { swapped } from './retain.ts';
import { backToPresent } from './swap-back.ts';
import { type AnyAction, containerChanged, containerOf, templateOf, type Work, type Workflow } from './work.ts';

export const ReinstallInput = z.object({
  volumeId: z.string(),
  templateId: z.string(),
  keepOld: z.boolean(),
  reset: z.boolean(),
  sshKeys: z.array(SshPublicKey).optional(),
});
const input = (work: Work) => ReinstallInput.parse(work.operation.input);

/** What the fresh system knows of keys: those given, none after a reset, else those carried over. */
function keysAfter(work: Work): string[] | undefined {
  const { reset, sshKeys } = input(work);
  return sshKeys ?? (reset ? [] : undefined);
}

/**
 * reinstall: prepare (a fresh volume) → swap (onto it, then keys and password if new ones were given).
 * Undo of prepare deletes the fresh volume; undo of swap goes back to the volume the row still names.
 */
export const reinstall: Workflow<'reinstall'> = {
  kind: 'reinstall',
  steps: {
    prepare: {
      actions: async (_tx, work) => [{ verb: 'volume.create', args: { volumeId: input(work).volumeId }, secrets: {} }],
      undo: async (_tx, work) => [{ verb: 'volume.delete', args: { volumeId: input(work).volumeId }, secrets: {} }],
    },
    swap: {
      actions: async (tx, work) => {
        const { volumeId, templateId, keepOld, reset } = input(work);
        const actions: AnyAction[] = [
          {
            verb: 'container.swap',
            args: {
              volumeId,
              template: await templateOf(tx, templateId),
              carryIdentity: !reset,
              oldAt: keepOld ? '/old' : null,
            },
            secrets: {},
          },
        ];
        const sshKeys = keysAfter(work);
        const rootPassword = await work.secret(tx, 'rootPassword');
        if (sshKeys !== undefined || rootPassword !== undefined) {
          actions.push({
            verb: 'container.access',
            args: { hostname: containerOf(work).hostname, ...(sshKeys === undefined ? {} : { sshKeys }) },
            secrets: rootPassword === undefined ? {} : { rootPassword },
            part: 'access',
          });
        }
        return actions;
      },
      done: async (tx, work) => {
        const { volumeId, templateId } = input(work);
        const sshKeys = keysAfter(work);
        if (sshKeys !== undefined) {
          await tx
            .update(containers)
            .set(keysBecome(containerOf(work), sshKeys))
            .where(eq(containers.id, containerOf(work).id));
        }
        return await swapped(tx, work, { volumeId, templateId, reason: 'reinstall' });
      },
      undo: async (tx, work) => await backToPresent(tx, containerOf(work)),
    },
  },
  events: containerChanged,
};
