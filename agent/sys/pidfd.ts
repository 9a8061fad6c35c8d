import { closeSync } from 'node:fs';
import koffi from 'koffi';
import { effectSync } from './fault.ts';

const libc = koffi.load('libc.so.6');
const syscall = libc.func('long syscall(long number, ...)');
/** The same numbers on every architecture (asm-generic/unistd.h). */
const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;

const errorCode = () => Object.entries(koffi.os.errno).find(([, number]) => number === koffi.errno())?.[0] ?? 'EIO';

/**
 * Sends a signal to exactly the process that `isStillIt` recognises: the descriptor is opened first, so the id cannot go to another
 * process between the look and the signal. False when the process is gone or another.
 */
export function signalExactly(label: string, pid: number, signal: number, isStillIt: () => boolean): boolean {
  return effectSync(label, () => {
    const fd = Number(syscall(PIDFD_OPEN, 'int', pid, 'uint', 0));
    if (fd < 0) {
      const code = errorCode();
      if (code === 'ESRCH') return false;
      throw Object.assign(new Error(`pidfd_open ${pid}: ${code}`), { code });
    }
    try {
      if (!isStillIt()) return false;
      const result = Number(syscall(PIDFD_SEND_SIGNAL, 'int', fd, 'int', signal, 'void *', null, 'uint', 0));
      if (result === 0) return true;
      const code = errorCode();
      if (code === 'ESRCH') return false;
      throw Object.assign(new Error(`pidfd_send_signal ${pid}: ${code}`), { code });
    } finally {
      closeSync(fd);
    }
  });
}
