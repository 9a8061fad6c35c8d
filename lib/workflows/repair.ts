import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { productOf } from '#lib/brands/mail.ts';
import type { ContainerRow } from '#lib/containers/facts.ts';
import type { Tx } from '#lib/db/client.ts';
import { containers } from '#lib/db/schema/containers.ts';
import { powerIs } from './observed.ts';
import { containerChanged, containerOf, resultOf, type Work, type Workflow } from './work.ts';

export const RepairInput = z.object({ volumeId: z.string(), readOnly: z.boolean(), hours: z.number() });

type Repair = Pick<ContainerRow, 'repairSince' | 'repairUntil' | 'repairReadOnly'>;
export const noRepair: Repair = { repairSince: null, repairUntil: null, repairReadOnly: null };

/** Whether it is being repaired, until when, and how. */
export async function repairIs(tx: Tx, containerId: string, repair: Repair): Promise<void> {
  await tx.update(containers).set(repair).where(eq(containers.id, containerId));
}

/** From now on, for as long as was asked for; gives when that is over. */
export async function repairBegins(tx: Tx, work: Work): Promise<Date> {
  const { readOnly, hours } = RepairInput.parse(work.operation.input);
  const now = new Date();
  const repairUntil = new Date(now.getTime() + hours * 3_600_000);
  await repairIs(tx, containerOf(work).id, { repairSince: now, repairUntil, repairReadOnly: readOnly });
  return repairUntil;
}

/** repair: one step on the host, which takes itself back when the rescue system does not start; its undo ends the repair. */
export const repair: Workflow<'repair'> = {
  kind: 'repair',
  steps: {
    repair: {
      actions: async (tx, work) => {
        const { volumeId, readOnly } = RepairInput.parse(work.operation.input);
        const rootPassword = await work.secret(tx, 'rootPassword');
        const { sshKeys, tenantId } = containerOf(work);
        const product = await productOf(tx, tenantId);
        const args = { volumeId, readOnly, sshKeys: rootPassword === undefined ? sshKeys : [], product };
        return [{ verb: 'repair.begin', args, secrets: rootPassword === undefined ? {} : { rootPassword } }];
      },
      done: async (tx, work) => {
        const startedAt = new Date(resultOf(work, 'repair.begin').startedAt);
        const repairUntil = await repairBegins(tx, work);
        await powerIs(tx, containerOf(work).id, 'running', startedAt);
        return { until: repairUntil.toISOString() };
      },
      undo: async () => [{ verb: 'repair.end', args: {}, secrets: {} }],
    },
  },
  failed: async (tx, work) => await repairIs(tx, containerOf(work).id, noRepair),
  events: containerChanged,
};

/** repair-finish: one step; a failure leaves the repair as it was or ends it, and asking again ends it. */
export const repairFinish: Workflow<'repair-finish'> = {
  kind: 'repair-finish',
  steps: {
    end: {
      actions: async () => [{ verb: 'repair.end', args: {}, secrets: {} }],
      done: async (tx, work) => {
        const { running } = resultOf(work, 'repair.end');
        await repairIs(tx, containerOf(work).id, noRepair);
        await powerIs(tx, containerOf(work).id, running ? 'running' : 'stopped');
        return { running };
      },
    },
  },
  events: containerChanged,
};
