import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BerthError } from '#lib/contract/errors.ts';
import { keyContent } from '#lib/contract/fields.ts';
import { accessScript } from '../actions/access.ts';
import { newIdentityScript } from '../actions/clone.ts';
import { identityScript } from '../actions/identity.ts';
import { keepAccessScript } from '../actions/keep-access.ts';
import type { ConsoleSession, ContainerPlan, ExitWord, Runtime } from '../adapters.ts';
import { simConsole } from './console.ts';
import { type Done, execute, type Machine } from './shell.ts';
import type { Files, World } from './world.ts';

/**
 * Host names that make a simulated container fail in a chosen way:
 * `fail-start.sim` never starts, `deaf.sim` ignores the shutdown signal, `fail-access.sim` refuses changes of access.
 */
export const sentinels = { failStart: 'fail-start.sim', deaf: 'deaf.sim', failAccess: 'fail-access.sim' } as const;

type Running = {
  plan: ContainerPlan;
  hostname: string;
  pid: number;
  startedAt: Date;
  stopped: Promise<void>;
  end(word: ExitWord): void;
};

export function simRuntime(world: World): Runtime {
  const running = new Map<string, Running>();
  const exits = new Map<string, ExitWord>();
  const logs = new Map<string, string>();
  const consoles = new Map<string, ConsoleSession & { containerId: string; end(): void }>();
  const consoleOf = (containerId: string, sessionId: string) => {
    const session = consoles.get(sessionId);
    if (session !== undefined && session.containerId !== containerId) throw new BerthError('not_found');
    return session;
  };
  const listeners: ((containerId: string) => void)[] = [];
  let nextPid = 1000;

  /** `of`: the run that is meant; a signal to an init that is gone does not reach the next one. */
  const end = (containerId: string, status: number, killed = false, of = running.get(containerId)) => {
    const container = running.get(containerId);
    if (container === undefined || container !== of) return;
    running.delete(containerId);
    const word = { status, at: new Date(), oom: false, killed, ranSince: container.startedAt };
    exits.set(containerId, word);
    container.end(word);
    for (const listener of listeners) listener(containerId);
  };

  const machine = (id: string, plan: ContainerPlan): Machine => {
    const { files } = world.volume(world.roots.get(id)?.volume ?? '');
    return {
      files,
      read: (path) => read(world, id, files, path),
      write(path, content) {
        const repair = path.startsWith('/repair/') ? world.roots.get(id)?.repair : undefined;
        if (repair?.readOnly === true) return false;
        if (repair == null) files[path] = content;
        else world.volume(repair.volume).files[path.slice('/repair'.length)] = content;
        return true;
      },
      hostname: () => running.get(id)?.hostname ?? plan.hostname,
      setHostname(name) {
        const container = running.get(id);
        if (container !== undefined) container.hostname = name;
      },
      end: (status) => {
        const asked = running.get(id);
        setTimeout(() => end(id, status, false, asked), 50 * world.pace);
      },
    };
  };

  const runIn = (id: string, plan: ContainerPlan, argv: readonly string[], input: string | undefined): Done => {
    const done = special(world, id, machine(id, plan), plan, argv, input) ?? execute(machine(id, plan), argv);
    world.save();
    return done;
  };

  const need = (containerId: string): Running => {
    const container = running.get(containerId);
    if (container === undefined) throw new BerthError('state', 'The container does not run.');
    return container;
  };

  return {
    async prepareHost() {},
    async start(plan) {
      await world.delay(120);
      if (plan.hostname === sentinels.failStart) throw new Error('simulated failure of the runtime');
      const { promise, resolve } = Promise.withResolvers<void>();
      nextPid += 1;
      exits.delete(plan.containerId);
      const hostname = read(world, plan.containerId, machine(plan.containerId, plan).files, '/etc/hostname')?.trim();
      const base = { plan, hostname: hostname ?? plan.hostname, pid: nextPid, startedAt: new Date() };
      running.set(plan.containerId, { ...base, stopped: promise, end: () => resolve() });
      logs.set(plan.containerId, `init started: ${plan.hostname}\nready\n`);
    },
    state(containerId) {
      const container = running.get(containerId);
      return {
        running: container !== undefined,
        pid: container?.pid ?? null,
        startedAt: container?.startedAt ?? null,
        exit: exits.get(containerId) ?? null,
      };
    },
    async askToStop(containerId) {
      if (running.get(containerId)?.plan.hostname === sentinels.deaf) return;
      const asked = running.get(containerId);
      setTimeout(() => end(containerId, 130, false, asked), 80 * world.pace);
    },
    async kill(containerId) {
      end(containerId, 137, true);
    },
    async waitStopped(containerId, timeoutMs) {
      const container = running.get(containerId);
      if (container === undefined) return true;
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, timeoutMs);
      await Promise.race([container.stopped, late]);
      clearTimeout(timer);
      return !running.has(containerId);
    },
    async cleanUp(containerId, what = 'all') {
      if (running.has(containerId)) throw new Error('the container runs');
      if (what === 'all') exits.delete(containerId);
    },
    async applyResources(containerId, resources) {
      const container = need(containerId);
      container.plan = { ...container.plan, resources };
    },
    async exec(containerId, argv, { timeoutMs, input, signal }) {
      const { plan } = need(containerId);
      const { sleepMs, ...done } = runIn(containerId, plan, argv, input);
      const ended = await pause(Math.min(sleepMs, timeoutMs), false, { signal }).catch(() => true);
      const timedOut = !ended && sleepMs > timeoutMs;
      await world.delay(20);
      return { ...done, exitCode: ended || timedOut ? null : done.exitCode, truncated: false, timedOut };
    },
    async runOnce(plan, argv, { input }) {
      await world.delay(40);
      if (running.has(plan.containerId)) throw new Error('the container runs');
      return runIn(plan.containerId, plan, argv, input);
    },
    async openConsole(containerId, sessionId) {
      const { plan } = need(containerId);
      const known = consoleOf(containerId, sessionId);
      if (known !== undefined) return known;
      const made = simConsole(
        () => machine(containerId, plan),
        () => {
          consoles.delete(sessionId);
          world.save();
        },
      );
      consoles.set(sessionId, { ...made, containerId });
      return made;
    },
    async closeConsole(containerId, sessionId) {
      consoleOf(containerId, sessionId)?.end();
    },
    async closeConsoles(containerId) {
      for (const session of [...consoles.values()]) if (session.containerId === containerId) session.end();
    },
    bootLog: (containerId, bytes) => (logs.get(containerId) ?? '').slice(-bytes),
    listRuns: () => [...running.keys()],
    listKnown: () => [...new Set([...running.keys(), ...exits.keys()])],
    cgroupVersion: () => 'v2',
    onExit: (listener) => void listeners.push(listener),
  };
}

function read(world: World, id: string, files: Files, path: string): string | undefined {
  const root = world.roots.get(id);
  const old = path.startsWith('/old/') && root?.old ? world.disk.volumes[root.old]?.files : undefined;
  if (old !== undefined) return old[path.slice('/old'.length)] ?? undefined;
  const repaired = path.startsWith('/repair/') ? root?.repair?.volume : undefined;
  if (repaired !== undefined) return world.disk.volumes[repaired]?.files[path.slice('/repair'.length)] ?? undefined;
  const own = files[path];
  if (own !== undefined) return own ?? undefined;
  if (path === '/etc/os-release') return `NAME="simulated ${world.templateOf(root?.layers ?? [])}"\n`;
  return undefined;
}

/** The scripts of the agent, done by hand: what they would leave in the files. */
function special(
  world: World,
  id: string,
  machine: Machine,
  plan: ContainerPlan,
  argv: readonly string[],
  input = '',
): Done | undefined {
  const fine = { exitCode: 0, stdout: '', stderr: '', sleepMs: 0 };
  if (argv[2] === accessScript) {
    if (plan.hostname === sentinels.failAccess) return { ...fine, exitCode: 1, stderr: 'simulated refusal' };
    changeAccess(machine, input);
    return fine;
  }
  if (argv[2] === keepAccessScript) {
    if (plan.hostname === sentinels.failAccess) return { ...fine, exitCode: 1, stderr: 'simulated refusal' };
    keepAccess(machine, input);
    return fine;
  }
  if (input === newIdentityScript) {
    for (const path of ['/etc/machine-id', '/etc/ssh/ssh_host_ed25519_key']) {
      if (typeof machine.files[path] === 'string') machine.files[path] = null;
    }
    return fine;
  }
  if (input === identityScript) {
    for (const path of ['/etc/hostname', '/etc/shadow', '/root/.ssh/authorized_keys']) {
      const old = world.disk.volumes[world.roots.get(id)?.old ?? '']?.files[path];
      if (typeof old === 'string') machine.files[path] = old;
    }
    return fine;
  }
  return undefined;
}

function keepAccess({ files }: Machine, input: string): void {
  const path = '/root/.ssh/authorized_keys';
  const before = files[path]?.split('\n').filter(Boolean);
  let keys = before ?? [];
  for (const line of input.split('\n').filter(Boolean)) {
    const value = line.slice(1);
    if (line === 'X') keys = [];
    else if (line.startsWith('-')) keys = keys.filter((key) => !key.includes(value));
    else if (line.startsWith('H')) files['/etc/hostname'] = `${value}\n`;
    else if (!keys.some((key) => key.includes(keyContent(value)))) keys.push(value);
  }
  if (before !== undefined || keys.length > 0) files[path] = keys.map((key) => `${key}\n`).join('');
}

function changeAccess(machine: Machine, input: string): void {
  for (const line of input.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('H')) {
      machine.files['/etc/hostname'] = `${value}\n`;
      machine.setHostname(value);
    } else if (line.startsWith('P')) {
      machine.files['/etc/shadow'] =
        `root:$sim$${createHash('sha256').update(value).digest('hex')}:19000:0:99999:7:::\n`;
    } else if (line.startsWith('W')) machine.files['/etc/motd'] = `${value}\n`;
    else if (line === 'B') machine.files['/root/.ssh/authorized_keys'] = '';
    else if (line.startsWith('K')) {
      machine.files['/root/.ssh/authorized_keys'] = `${machine.files['/root/.ssh/authorized_keys'] ?? ''}${value}\n`;
    }
  }
}
