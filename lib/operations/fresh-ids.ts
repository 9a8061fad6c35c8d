import { v7 as uuidv7 } from 'uuid';

/**
 * New names for what an attempt makes: those of an attempt that was undone are spent. Of an undo or confirm the volume is
 * one that exists, so its name stays.
 */
export function freshIds(input: Record<string, unknown>): Record<string, unknown> {
  const fresh: Record<string, unknown> = {};
  const names = input.retainedId === undefined ? ['volumeId', 'snapshotId', 'trialId'] : [];
  for (const name of names) if (typeof input[name] === 'string') fresh[name] = uuidv7();
  return fresh;
}
