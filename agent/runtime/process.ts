import { readFileSync } from 'node:fs';
import { bootId, parseStat } from '../sys/stat.ts';

/** A process that cannot be mistaken for a later one with the same id: its start time in clock ticks since boot, and the boot. */
export type ProcessMark = { pid: number; startTicks: number; bootId: string };

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

/** Null when there is no such process, or only its zombie. */
export function markProcess(pid: number): ProcessMark | null {
  const stat = parseStat(readProc(pid, 'stat') ?? '');
  if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
  return { pid, startTicks: stat.startTicks, bootId };
}

/** A zombie counts as dead: what is left of it is its exit status. */
export function isAlive(mark: ProcessMark): boolean {
  if (mark.bootId !== bootId) return false;
  return markProcess(mark.pid)?.startTicks === mark.startTicks;
}

/**
 * Whether a signal would be noticed: the process has a handler for it, or has blocked it in order to read it (signalfd). The
 * kernel drops anything else that is sent to the init of a pid namespace.
 */
export function heeds(status: string, signal: number): boolean {
  const bit = 1n << BigInt(signal - 1);
  return ['SigCgt', 'SigBlk'].some((name) => {
    const mask = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & bit) !== 0n;
  });
}

/** Init proper, past the runtime's own stage (whose handlers are the runtime's), and ready for one of the signals. */
export function isReadyFor(pid: number, signals: readonly number[]): boolean {
  const command = (readProc(pid, 'cmdline') ?? '').split('\0');
  if (command[1] === 'init' && command[0]?.endsWith('runc')) return false;
  const status = readProc(pid, 'status') ?? '';
  return signals.some((signal) => heeds(status, signal));
}
