import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { NetworkMember } from '#agent/adapters.ts';
import type { createNetwork } from '#agent/network/apply.ts';

const probe = fileURLToPath(new URL('../../support/net-probe.mjs', import.meta.url));

export type Outcome = { ok: boolean; text: string };

/** Somewhere to send from or listen at: the host, or a process in a network namespace of its own. */
export class Place {
  readonly pid: number | null;
  readonly #children: ChildProcess[] = [];
  constructor(pid: number | null, holder?: ChildProcess) {
    this.pid = pid;
    if (holder !== undefined) this.#children.push(holder);
  }
  #command(argv: readonly string[]): [string, string[]] {
    const full = this.pid === null ? argv : ['nsenter', `--net=/proc/${this.pid}/ns/net`, ...argv];
    const [program = '', ...args] = full;
    return [program, args];
  }
  run(...argv: string[]): Outcome {
    const { status, stdout, stderr, error } = spawnSync(...this.#command(argv), { encoding: 'utf8' });
    if (error !== undefined) throw error;
    return { ok: status === 0, text: (stdout + stderr).trim() };
  }
  /** Runs and insists. */
  must(...argv: string[]): string {
    const { ok, text } = this.run(...argv);
    if (!ok) throw new Error(`${argv.join(' ')}: ${text}`);
    return text;
  }
  probe(...args: string[]): Outcome {
    return this.run(process.execPath, probe, ...args);
  }
  ping(address: string, ...options: string[]): boolean {
    return this.run('ping', '-n', '-c', '2', '-i', '0.05', '-W', '0.4', ...options, address).ok;
  }
  async serve(...args: string[]): Promise<void> {
    const child = spawn(...this.#command([process.execPath, probe, ...args]), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    if (child.stdout !== null) await once(child.stdout, 'data');
  }
  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

/** A process in fresh namespaces, standing for a container before its network hook has run. */
export async function newNamespace(...unshareOptions: string[]): Promise<Place> {
  const child = spawn('unshare', ['--net', ...unshareOptions, 'sleep', '3600'], { stdio: 'ignore' });
  const { pid } = child;
  if (pid === undefined) throw new Error('unshare did not start');
  const name = () => execFileSync('cat', [`/proc/${pid}/comm`], { encoding: 'utf8' }).trim();
  while (name() !== 'sleep') await sleep(5);
  return new Place(pid, child);
}

/** Runs the hook as the runtime does: the OCI state on standard input. */
export function runHook(hook: { hookPath: string; hookArgs: readonly string[] }, pid: number | null): Outcome {
  const state = JSON.stringify({
    ociVersion: '1.2.0',
    id: 'c',
    status: 'creating',
    pid,
    bundle: '/b',
    annotations: {},
  });
  const { status, stdout, stderr } = spawnSync('env', ['-i', hook.hookPath, ...hook.hookArgs.slice(1)], {
    input: state,
    encoding: 'utf8',
  });
  return { ok: status === 0, text: stdout + stderr };
}

/** A peer outside: a namespace behind a link of its own, as if across the internet. Addresses from the benchmarking net 198.18/15. */
export async function newOutside(link: string, hostAddress: string, address: string): Promise<Place> {
  const outside = await newNamespace();
  const host = new Place(null);
  if (existsSync(`/sys/class/net/${link}`)) host.must('ip', 'link', 'delete', 'dev', link);
  host.must('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(outside.pid));
  host.must('ip', 'address', 'add', `${hostAddress}/30`, 'dev', link);
  host.must('ip', 'link', 'set', 'dev', link, 'up');
  outside.must('ip', 'address', 'add', `${address}/30`, 'dev', 'eth0');
  outside.must('ip', 'link', 'set', 'dev', 'eth0', 'up');
  outside.must('ip', 'link', 'set', 'dev', 'lo', 'up');
  return outside;
}

export function member(last: string, tenant: string, address: string): NetworkMember {
  const id = (tail: string) => `0198c5a0-0000-7000-8000-${tail.padStart(12, '0')}`;
  return { containerId: id(last), tenantId: id(tenant), address, forwards: [] };
}

export type TestNetwork = ReturnType<typeof createNetwork>;
