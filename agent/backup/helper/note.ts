/** A file of the agent's own that tells its successor of a helper: one that hangs at a location outlives its agent. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory, writePassing } from '../../sys/files.ts';
import { bootId, parseStat } from '../../sys/stat.ts';

/** `identity` tells a process from all others, also from one that has its number later. Looks at nothing that a process which hangs could hold. */
function look(pid: number | undefined): { identity: string; state: string; parent: number } | null {
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat === null ? null : { ...stat, identity: `${bootId} ${pid} ${stat.startTicks}` };
  } catch {
    return null;
  }
}

export function writeNote(file: string, pid: number | undefined): void {
  makeDirectory('BACKUP:MKDIR', dirname(file));
  writePassing('BACKUP:NOTE-HELPER', file, look(pid)?.identity ?? '');
}

/** Whether the helper of the note is there and hangs: itself (D), or one of its threads (Z); or has another parent by now, with whom it should have gone. */
export function hangs(file: string): boolean {
  let identity: string;
  try {
    identity = readFileSync(file, 'utf8');
  } catch {
    return false;
  }
  const found = look(Number(identity.split(' ')[1]));
  if (found === null || found.identity !== identity) return false;
  return /[DZ]/.test(found.state) || found.parent !== process.pid;
}
