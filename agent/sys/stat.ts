/** What tells one process from all others, also from one that has its number later: when it was started, and in which boot. */
import { readFileSync } from 'node:fs';

export const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** State letter, parent and start time in clock ticks since boot (fields 3, 4 and 22) of /proc/PID/stat, proc_pid_stat(5). The name, in brackets, may hold anything. */
export function parseStat(stat: string): { state: string; parent: number; startTicks: number } | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, startTicks] = [Number(fields[1]), Number(fields[19])];
  return fields[0] === undefined || Number.isNaN(startTicks) ? null : { state: fields[0], parent, startTicks };
}
