import { HandoverInput } from '#lib/contract/handovers.ts';
import { changeHands } from '#lib/handovers/change-hands.ts';
import { reopen } from '#lib/handovers/reopen.ts';
import { containerChanged, containerOf, type Work, type Workflow } from './work.ts';

const inputOf = ({ operation }: Work) => HandoverInput.parse(operation.input);
const keys = (sshKeys: string[]) => [{ verb: 'container.access' as const, args: { sshKeys }, secrets: {} }];

/**
 * handover: access (takes the giver's keys out, if the receiver wishes; its undo puts them back) → move (its host learns whose it is, then
 * all rows change at once, {@link changeHands}). Until these are written its host is told again whose it was; after them there is no
 * step left that could fail.
 */
export const handover: Workflow<'handover'> = {
  kind: 'handover',
  steps: {
    access: {
      actions: async (_tx, work) => (inputOf(work).removeSshKeys ? keys([]) : []),
      // The row keeps them until the container has changed hands.
      undo: async (_tx, work) => (inputOf(work).removeSshKeys ? keys(containerOf(work).sshKeys) : []),
    },
    move: {
      actions: async (_tx, work) => {
        const { toTenantId: tenantId, name } = inputOf(work);
        return [{ verb: 'container.handover', args: { tenantId, name }, secrets: {} }];
      },
      done: async (tx, work) => {
        const input = inputOf(work);
        await changeHands(tx, containerOf(work), { operationId: work.operation.id, input });
        return undefined;
      },
      undo: async (_tx, work) => {
        const { tenantId, name } = containerOf(work);
        return [{ verb: 'container.handover', args: { tenantId, name }, secrets: {} }];
      },
    },
  },
  failed: async (tx, work) => reopen(tx, inputOf(work).handoverId),
  events: containerChanged,
};
