import { processSlot } from '../process-slot.ts';

const slot = processSlot<AbortController>('shutdown');

/** Aborted when the process is asked to end: streams close then, or the server would never be done. */
export function shutdown(): AbortController {
  const known = slot.peek();
  if (known !== undefined) return known;
  const made = new AbortController();
  slot.set(made);
  return made;
}
