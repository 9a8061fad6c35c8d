import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '#lib/db/client.ts';
import { retainedVolumes } from '#lib/db/schema/operations.ts';
import { releasedEarlyMail } from '#lib/mail/messages.ts';
import { mailOwners } from '#lib/mail/owners.ts';
import { consume } from './retain.ts';
import { containerChanged, type Work, type Workflow } from './work.ts';

export const ConfirmInput = z.object({
  retainedId: z.string(),
  volumeId: z.string(),
  bytes: z.number(),
  early: z.boolean().optional(),
});
/** A host that cannot let go of a volume is not asked again at every sweep. */
const againAfterMs = 10 * 60_000;
const input = (work: Work) => ConfirmInput.parse(work.operation.input);

/** Nobody had asked for it: the people whose files they were hear of it by mail. */
async function tellOwners(tx: Tx, { operation, container }: Work): Promise<void> {
  if (operation.tenantId === null || container === null) return;
  // Nothing in it leads anywhere; workers have no word of the panel's own address here.
  const nowhere = 'https://panel.invalid';
  await mailOwners(
    tx,
    operation.tenantId,
    ({ email, name }) => releasedEarlyMail(email, name, container.name),
    nowhere,
  );
}

/**
 * confirm: release a kept volume, because a person says so or its time is over. The row is taken from everybody else
 * when it is asked for; if the host could not delete the volume it is given back.
 */
export const confirm: Workflow<'confirm'> = {
  kind: 'confirm',
  steps: {
    release: {
      actions: async (_tx, work) => [{ verb: 'volume.delete', args: { volumeId: input(work).volumeId }, secrets: {} }],
      done: async (tx, work) => {
        // Taken already, but for a new attempt after one that failed and gave it back.
        await consume(tx, input(work).retainedId);
        const { bytes: freedBytes, early } = input(work);
        if (early === true) await tellOwners(tx, work);
        return { freedBytes, ...(early === true ? { early, reason: 'The server was almost out of storage.' } : {}) };
      },
    },
  },
  failed: async (tx, work) => {
    const { retainedId } = input(work);
    const [kept] = await tx.select().from(retainedVolumes).where(eq(retainedVolumes.id, retainedId));
    // Deleted beside it, the container has nothing kept any more.
    if (kept === undefined || work.container?.deletedAt !== null) return;
    const expiresAt = new Date(Math.max(kept.expiresAt.getTime(), Date.now() + againAfterMs));
    await tx.update(retainedVolumes).set({ consumedAt: null, expiresAt }).where(eq(retainedVolumes.id, retainedId));
  },
  events: containerChanged,
};
