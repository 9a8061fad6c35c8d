/** Starts helpers that shut themselves into a container's tree; see confine.ts for their side. */
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { signal, start } from './process.ts';

export type Helper = ChildProcess;

const rangeSize = 65_536;
const startTimeoutMs = 20_000;

/**
 * A process of the program file in user, mount, network and ipc namespaces of its own, with the ids
 * from `idBase`. Resolves when it has said `ready`. Its first line of input is to come from the caller, after that.
 * `trees` are descriptors it has from 3 up; they stay the caller's to close.
 */
export async function startConfined(
  label: string,
  program: string,
  idBase: number,
  trees: readonly number[] = [],
): Promise<Helper> {
  const unshare = ['unshare', '--user', '--keep-caps', '--mount', '--propagation', 'private', '--net', '--ipc'];
  const child = start(label, [...unshare, process.execPath, program], {
    stdio: ['pipe', 'pipe', 'pipe', ...trees],
  });
  const { stdout, stdin, pid } = child;
  if (stdout === null || stdin === null) throw new Error('a helper has no pipes');
  stdin.on('error', () => {}); // it ended early; its end tells
  try {
    await ready(child);
    for (const map of ['uid_map', 'gid_map']) fs.writeFileSync(`/proc/${pid}/${map}`, `0 ${idBase} ${rangeSize}\n`);
    return child;
  } catch (error) {
    endHelper(child);
    throw error;
  }
}

/** Kills a helper, if it has not ended by itself. */
export function endHelper(child: Helper): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    signal('FILES:END', child.pid, 'SIGKILL');
  }
}

function ready(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const timer = setTimeout(() => reject(new Error(`a helper does not start: ${said}`)), startTimeoutMs);
  child.once('error', reject);
  child.once('exit', () => reject(new Error(`a helper ended early: ${said}`)));
  child.stdout?.once('readable', () => {
    const chunk: Buffer | null = child.stdout?.read() ?? null;
    if (chunk?.toString() === 'ready\n') resolve();
    else reject(new Error(`a helper said something else: ${said}`));
  });
  return promise.finally(() => clearTimeout(timer));
}
