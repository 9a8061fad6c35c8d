import type { Permission } from '../contract/permissions.ts';
import type { ConsentScope } from '../contract/tickets.ts';
import { processSlot } from '../process-slot.ts';

/** What a consent lets staff do, by what was chosen. Files are read, never changed. */
export const consentRights: Readonly<Record<ConsentScope, readonly Permission[]>> = {
  console: ['container.console'],
  files: ['file.read'],
  exec: ['container.exec'],
};

const slot = processSlot<1 | 2>('emergency-approvals');

/** How many administrators besides the one who asks must approve an emergency. Set once by a composition root; two unless it was. */
export const approvalsNeeded = (): number => slot.peek() ?? 2;
export const setApprovalsNeeded = (count: 1 | 2): void => slot.set(count);
