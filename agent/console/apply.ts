import { setTimeout as sleep } from 'node:timers/promises';
import { BerthError } from '#lib/contract/errors.ts';
import type { ConsoleSession } from '../adapters.ts';
import type { ConsoleCommand, Consoles } from '../parts.ts';
import { remove } from '../sys/files.ts';
import { type Size, startOnTerminal, type Terminal } from '../sys/pty.ts';
import { Scrollback } from './scrollback.ts';

const scrollbackBytes = 256 * 1024;
/** A session that nobody looks at ends after this. */
const detachedLimitMs = 30 * 60_000;
/** Sessions per container: each holds a terminal, two processes and its scrollback on the host. */
const sessionLimit = 8;
/** What ignores the hang-up is killed. */
const hangUpGraceMs = 1000;
const reapGraceMs = 500;
const lookMs = 20;

type Client = Parameters<ConsoleSession['attach']>[0];

class Session implements ConsoleSession {
  readonly containerId: string;
  readonly ended: Promise<void>;
  readonly #command: ConsoleCommand;
  readonly #terminal: Terminal;
  readonly #clients = new Set<Client>();
  readonly #scrollback = new Scrollback(scrollbackBytes);
  #exit: { status: number | null } | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor(containerId: string, size: Size, command: ConsoleCommand, idleMs: number) {
    this.containerId = containerId;
    this.#command = command;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#idleMs = idleMs;
    this.#terminal = startOnTerminal('CONSOLE:START', command.argv, size, {
      data: (bytes) => {
        this.#scrollback.push(bytes);
        for (const client of this.#clients) client.onData(bytes);
      },
      exit: (status) => {
        this.#exit = { status };
        clearTimeout(this.#idle);
        remove('CONSOLE:CLEAR', command.pidFile);
        for (const client of this.#clients) client.onExit(status);
        this.#clients.clear();
        resolve();
      },
    });
    this.#watchIdle();
  }

  readonly #idleMs: number;

  #watchIdle(): void {
    clearTimeout(this.#idle);
    if (this.#clients.size > 0 || this.#exit !== null) return;
    this.#idle = setTimeout(() => void this.close(), this.#idleMs);
    this.#idle.unref();
  }

  attach(client: Client) {
    const past = this.#scrollback.content();
    if (past.length > 0) client.onData(past);
    if (this.#exit === null) this.#clients.add(client);
    else client.onExit(this.#exit.status);
    this.#watchIdle();
    const attached = () => this.#clients.has(client);
    return {
      write: (bytes: Uint8Array) => {
        if (attached()) this.#terminal.write(bytes);
      },
      resize: (cols: number, rows: number) => {
        if (attached()) this.#terminal.resize({ cols, rows });
      },
      detach: () => {
        this.#clients.delete(client);
        this.#watchIdle();
      },
    };
  }

  /** Hangs up, then kills the shell if it ignores that. What it started with nohup lives on, as on any terminal. */
  async close(): Promise<void> {
    if (this.#exit !== null) return;
    const shell = this.#command.shell();
    const graceEnds = performance.now() + hangUpGraceMs;
    this.#terminal.hangUp();
    const timers = [
      setTimeout(() => shell?.kill(), hangUpGraceMs),
      // The runtime reaps the shell and ends; killed together with it, it would leave a zombie.
      setTimeout(() => this.#terminal.kill(), hangUpGraceMs + reapGraceMs),
    ];
    await this.ended;
    for (const timer of timers) clearTimeout(timer);
    // The hang-up may have ended the runtime alone, at once.
    while (shell?.isAlive() === true && performance.now() < graceEnds) await sleep(lookMs);
    shell?.kill();
  }
}

/** Sessions live in the agent: they outlast clients and web restarts, not the agent itself. */
export function createConsoles(options: { idleMs?: number } = {}): Consoles {
  const sessions = new Map<string, Session>();
  /** An id is bound to its container: a grant for one must not reach another's shell. */
  const find = (containerId: string, sessionId: string) => {
    const session = sessions.get(sessionId);
    if (session !== undefined && session.containerId !== containerId)
      throw new BerthError('not_found', undefined, { inside: "another's session" });
    return session;
  };
  return {
    async open(containerId, sessionId, size, command) {
      const present = find(containerId, sessionId);
      if (present !== undefined) return present;
      const others = [...sessions.values()].filter((session) => session.containerId === containerId).length;
      if (others >= sessionLimit) throw new BerthError('busy', 'Too many consoles are open; close one first.');
      const session = new Session(containerId, size, command(), options.idleMs ?? detachedLimitMs);
      sessions.set(sessionId, session);
      void session.ended.then(() => sessions.delete(sessionId));
      return session;
    },
    async close(containerId, sessionId) {
      await find(containerId, sessionId)?.close();
    },
    async closeAll(containerId) {
      const all = [...sessions.values()].filter((session) => session.containerId === containerId);
      await Promise.all(all.map((session) => session.close()));
    },
  };
}
