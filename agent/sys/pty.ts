import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import koffi from 'koffi';
import { effectSync } from './fault.ts';
import { start } from './process.ts';

const libc = koffi.load('libc.so.6');
const ioctlPointer = libc.func('int ioctl(int fd, ulong request, void *argument)');

/** asm-generic/ioctls.h (x86, arm64, riscv). */
const TIOCSPTLCK = 0x40045431;
const TIOCGPTN = 0x80045430;
const TIOCSWINSZ = 0x5414;

function ioctl(name: string, fd: number, request: number, argument: Buffer): void {
  if (ioctlPointer(fd, request, argument) !== 0) throw new Error(`${name}: errno ${koffi.errno()}`);
}

export type Size = { cols: number; rows: number };

function setSize(fd: number, { cols, rows }: Size): void {
  const winsize = Buffer.alloc(8); // struct winsize: rows, columns, two unused
  winsize.writeUInt16LE(rows, 0);
  winsize.writeUInt16LE(cols, 2);
  ioctl('TIOCSWINSZ', fd, TIOCSWINSZ, winsize);
}

/** A new pair; both ends close on exec. The other end is opened without becoming the agent's own terminal. */
function openPair(size: Size): { master: number; slave: number } {
  const flags = constants.O_RDWR | constants.O_NOCTTY;
  const master = openSync('/dev/ptmx', flags | constants.O_NONBLOCK); // a full terminal answers EAGAIN
  try {
    ioctl('TIOCSPTLCK', master, TIOCSPTLCK, Buffer.alloc(4));
    const number = Buffer.alloc(4);
    ioctl('TIOCGPTN', master, TIOCGPTN, number);
    setSize(master, size);
    return { master, slave: openSync(`/dev/pts/${number.readUInt32LE(0)}`, flags) };
  } catch (error) {
    closeSync(master);
    throw error;
  }
}

export type Terminal = {
  write(bytes: Uint8Array): void;
  resize(size: Size): void;
  /** Hangs up: the program's session gets SIGHUP. */
  hangUp(): void;
  /** Kills the program. */
  kill(): void;
};

/** The most input kept for a program that does not read; more is dropped, as a terminal's own queue does. */
const inputLimitBytes = 256 * 1024;

/**
 * Runs a program as the leader of a new session on a terminal of its own. `onData` gets what it writes; `onExit` is called once,
 * after the last output, with its exit status (null: ended by a signal).
 */
export function startOnTerminal(
  label: string,
  argv: readonly string[],
  size: Size,
  on: { data(bytes: Buffer): void; exit(status: number | null): void },
): Terminal {
  const { master, slave } = effectSync('CONSOLE:PTY', () => openPair(size));
  let child: ChildProcess;
  try {
    // No fork: a child of Node leads no process group, so setsid(1) becomes the program.
    child = start(label, ['/usr/bin/setsid', '--ctty', '--', ...argv], { stdio: [slave, slave, slave] });
  } catch (error) {
    closeSync(master);
    throw error;
  } finally {
    closeSync(slave);
  }

  const reader = new ReadStream(master);
  let ended = false;
  let status: number | null = null;
  let open = true;
  const finish = () => {
    if (!open || !ended) return;
    open = false;
    reader.destroy();
    on.exit(status);
  };
  let readable = true;
  const readEnded = () => {
    readable = false;
    finish();
  };
  reader.on('data', (chunk: Buffer) => on.data(chunk));
  reader.on('error', readEnded); // EIO: nobody holds the other end any more
  reader.on('end', readEnded);
  reader.on('close', readEnded);
  child.once('error', () => {
    ended = true;
    finish();
  });
  child.once('exit', (code) => {
    ended = true;
    status = code;
    // A child it left behind may hold the terminal open: read what is there, then go.
    if (readable) setTimeout(finish, 100);
    else finish();
  });

  // At once, not on a thread of the pool: there it could wait until the descriptor is closed, and its number another file's.
  const queue: Buffer[] = [];
  let queued = 0;
  let pausing = false;
  const writeSome = (next: Buffer): number => {
    try {
      return writeSync(master, next);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : -1; // full, or nobody holds the other end any more
    }
  };
  const pump = () => {
    for (let next = queue[0]; next !== undefined && !pausing && open && readable; next = queue[0]) {
      const done = writeSome(next);
      if (done < 0) {
        queue.length = 0;
        queued = 0;
        return;
      }
      queued -= done;
      if (done === next.length) queue.shift();
      else queue[0] = next.subarray(done);
      if (done > 0) continue;
      pausing = true;
      setTimeout(() => {
        pausing = false;
        pump();
      }, 10);
    }
  };
  return {
    write(bytes) {
      if (queued + bytes.length > inputLimitBytes) return;
      queue.push(Buffer.from(bytes));
      queued += bytes.length;
      pump();
    },
    resize(next) {
      if (open && readable) setSize(master, next);
    },
    hangUp() {
      readable = false;
      reader.destroy();
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
