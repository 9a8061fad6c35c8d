import { eq } from 'drizzle-orm';
import { systemActor } from '#lib/access/actor.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { ErrorCode } from '#lib/contract/errors.ts';
import { actionId } from '#lib/contract/ids.ts';
import type { Tx } from '#lib/db/client.ts';
import { operations, sealedValues } from '#lib/db/schema/operations.ts';
import { publish } from '#lib/events/publish.ts';
import { kinds } from '#lib/operations/kinds.ts';
import { operationEvent } from '#lib/operations/present.ts';
import type { OrderedWorkflow } from './all.ts';
import type { Ending } from './saga.ts';
import type { Work } from './work.ts';

/** What helps after a failure, where trying again does not. */
const nextStep: Partial<Record<string, string>> = {
  no_space: 'Release files kept for undo, or ask your provider for room.',
  host_unreachable: 'Try again when its server answers.',
};

/** Writes an attempt's end: state, error, evidence, what it means for the rows, audit if it went wrong, and events. */
export async function finishOperation(
  tx: Tx,
  work: Work,
  workflow: OrderedWorkflow,
  ending: Ending,
  attempt: number,
): Promise<void> {
  const { operation } = work;
  // Over already, or a later attempt's by now.
  if (operation.endedAt !== null || operation.attempt !== attempt) return;
  const facts = ending.state === 'succeeded' ? await workflow.succeeded?.(tx, work) : undefined;
  if (ending.state === 'failed' || ending.state === 'cancelled') {
    await workflow.failed?.(tx, work, { uncertain: ending.state === 'failed' && ending.trouble.selfUndo });
  }
  const name = (index: number | null) => (index === null ? null : (workflow.steps[index]?.name ?? null));
  const error =
    ending.state === 'failed' || ending.state === 'stuck'
      ? {
          code: ErrorCode.catch('internal').parse(ending.trouble.code),
          detail: ending.trouble.detail,
          step: name(ending.step),
          remedy:
            ending.state === 'stuck'
              ? 'Look at what is listed, then retry, undo, or mark it resolved.'
              : `Everything was put back. ${nextStep[ending.trouble.code] ?? 'Try again.'}`,
        }
      : null;
  const values = {
    state: ending.state,
    error,
    endedAt: ending.state === 'stuck' ? null : new Date(),
    evidence: ending.state === 'stuck' ? evidence(work, ending, name(ending.undo.step) ?? '', attempt) : [],
    percent: ending.state === 'succeeded' ? 100 : operation.percent,
    result: { ...operation.result, ...facts },
  };
  await tx.update(operations).set(values).where(eq(operations.id, operation.id));
  // A retry would need the secret again; what is never fetched expires.
  if (ending.state === 'succeeded' || ending.state === 'cancelled') {
    await tx.delete(sealedValues).where(eq(sealedValues.operationId, operation.id));
  }
  if (error !== null) {
    await writeAudit(tx, systemActor('worker'), {
      verb: kinds[operation.kind].permission,
      outcome: 'failed',
      tenantId: operation.tenantId,
      targetKind: operation.containerId === null ? 'host' : 'container',
      targetId: operation.containerId ?? operation.hostId,
      targetName: operation.containerName,
      detail: { operationId: operation.id, kind: operation.kind, code: error.code, state: ending.state },
    });
  }
  const { retainedVolumeId, undoUntil } = values.result;
  const keeps = typeof retainedVolumeId === 'string' || (operation.kind === 'recover' && typeof undoUntil === 'string');
  const kept = { retained: ending.state === 'succeeded' && keeps };
  await publish(tx, operationEvent({ ...operation, ...values }, kept), ...(workflow.events?.(work) ?? []));
}

/** What was tried and what a person must look at. */
function evidence(work: Work, ending: Extract<Ending, { state: 'stuck' }>, step: string, attempt: number): string[] {
  const { operation, container } = work;
  const volume = operation.input.volumeId;
  return [
    `First trouble: ${ending.trouble.detail} (${ending.trouble.code})`,
    `Taking back the step "${step}" failed: ${ending.undo.trouble.detail} (${ending.undo.trouble.code})`,
    `Action on the host: ${actionId(operation.id, attempt, step, true)}`,
    ...(container === null ? [] : [`The container's present volume: ${container.volumeId}`]),
    ...(typeof volume === 'string' ? [`The volume this operation made or wanted: ${volume}`] : []),
    'The agent log of this host has more under the action id.',
  ];
}
