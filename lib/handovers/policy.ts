import { processSlot } from '../process-slot.ts';

const slot = processSlot<boolean>('handovers-across-resellers');

/** Whether containers may go to another reseller's tenants, and between those and the provider's own. Not unless a composition root said so. */
export const acrossResellers = (): boolean => slot.peek() ?? false;
export const setAcrossResellers = (allowed: boolean): void => slot.set(allowed);
