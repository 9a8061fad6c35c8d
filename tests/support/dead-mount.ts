import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { parseStat } from '#agent/sys/stat.ts';

const program = new URL('./dead-mount-server.ts', import.meta.url).pathname;

/** Puts a file system over a directory that never answers; the function it gives takes it away, and whoever hangs there goes on. */
export async function mountDead(directory: string): Promise<() => Promise<void>> {
  const server = spawn(process.execPath, [program, directory], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await Promise.race([
    new Promise<void>((resolve) => server.stdout.once('data', () => resolve())),
    ended.then(() => Promise.reject(new Error('nothing was mounted'))),
  ]);
  return async () => {
    server.stdin.end();
    await ended;
  };
}

export type ProcessFacts = { pid: number; state: string; parent: number; command: string; oomScoreAdj: number };

/** Processes that look so; one that ends meanwhile is left out. */
export function processes(wanted: (one: ProcessFacts) => boolean): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): ProcessFacts[] => {
      try {
        const read = (file: string) => readFileSync(`/proc/${name}/${file}`, 'utf8');
        const stat = parseStat(read('stat'));
        if (stat === null) return [];
        const command = read('cmdline').replaceAll('\0', ' ').trim();
        const { state, parent } = stat;
        return [{ pid: Number(name), state, parent, command, oomScoreAdj: Number(read('oom_score_adj')) }];
      } catch {
        return [];
      }
    })
    .filter(wanted);
}
