import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { remove } from '../sys/files.ts';
import { run } from '../sys/process.ts';

/** runc (≥ 1.3.3, from the engine bundle) with its state in `root`. */
export type Runc = {
  program: string;
  globalArgs: readonly string[];
  argv(...args: string[]): string[];
  /** Created, and its init still waits for `start`: runc keeps a fifo for as long as that. */
  waitsForStart(runcId: string): boolean;
  start(runcId: string): Promise<void>;
  /** Removes what runc has written down of a container whose processes and control groups are gone. */
  forget(runcId: string): void;
  list(): string[];
};

export function createRunc(program: string, root: string): Runc {
  const globalArgs = ['--root', root];
  const argv = (...args: string[]) => [program, ...globalArgs, ...args];
  return {
    program,
    globalArgs,
    argv,
    waitsForStart: (runcId) => existsSync(join(root, runcId, 'exec.fifo')),
    async start(runcId) {
      await run('RUNTIME:START', argv('start', runcId), { timeoutMs: 30_000 });
    },
    forget(runcId) {
      remove('RUNTIME:CLEAR', join(root, runcId));
    },
    list: () => (existsSync(root) ? readdirSync(root) : []),
  };
}
