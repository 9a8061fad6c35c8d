/**
 * Faults of one run, drawn from its seed before it begins: effects of the host that fail before or after they happen, answers
 * that get lost, orders that arrive twice, a worker that dies after a step and before its answer is stored, people who cancel.
 */
import type { IncomingMessage } from 'node:http';
import type { Adapters } from '#agent/adapters.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import {
  type AgentAddress,
  AgentConnection,
  type AgentRequest,
  type ClientIdentity,
  UnreachableError,
} from '#lib/agent-client/connection.ts';
import type { Once } from '#lib/workflows/saga.ts';
import type { Random } from './random.ts';

type Effect = 'before' | 'after';
const messages = ['refused', 'lost', 'cut', 'twice'] as const;
type Message = (typeof messages)[number];

/** The worker ended between a step's effects and the storing of its answer. */
export class Died extends Error {}

/** Which passage gets which fault; passages are counted from 0 since the faults were armed. */
export type FaultPlan = {
  effects: Map<number, Effect>;
  messages: Map<number, Message>;
  deaths: Set<number>;
  cancelBefore: number | null;
  /** Whether the worker tries again after silence, or gives the host up at once. */
  patient: boolean;
};

export const noFaults: FaultPlan = {
  effects: new Map(),
  messages: new Map(),
  deaths: new Set(),
  cancelBefore: null,
  patient: true,
};

/** One to four faults, most of them early, where workflows have their steps; sometimes the host fails from one point on. */
export function drawFaults(random: Random): FaultPlan {
  const plan: FaultPlan = {
    effects: new Map(),
    messages: new Map(),
    deaths: new Set(),
    cancelBefore: null,
    patient: random.chance(0.2),
  };
  const moment = () => random.pick<Effect>(['before', 'after']);
  for (let n = 1 + random.below(4); n > 0; n -= 1) {
    switch (random.below(6)) {
      case 0:
        plan.messages.set(random.below(6), random.pick(messages));
        break;
      case 1:
        plan.deaths.add(random.below(10));
        break;
      case 2:
        plan.cancelBefore = random.below(8);
        break;
      case 3: {
        const from = random.below(24);
        const kind = moment();
        for (let i = from; i < from + 2 + random.below(12); i += 1) plan.effects.set(i, kind);
        break;
      }
      default:
        plan.effects.set(random.below(random.chance(0.5) ? 10 : 40), moment());
    }
  }
  return plan;
}

/** The faults that are armed now, for the parts of the machine below that ask for them. */
export class Faults {
  #plan = noFaults;
  #effects = 0;
  #messages = 0;
  #answers = 0;
  #begun = 0;
  /** What really happened, for the report of a violation. */
  readonly log: string[] = [];

  arm(plan: FaultPlan): void {
    this.#plan = plan;
    this.#effects = 0;
    this.#messages = 0;
    this.#answers = 0;
    this.#begun = 0;
  }

  get patient(): boolean {
    return this.#plan.patient;
  }

  async effect<T>(label: string, run: () => Promise<T>): Promise<T> {
    const fault = this.#plan.effects.get(this.#effects);
    this.#effects += 1;
    if (fault === undefined) return await run();
    this.log.push(`${label} fails ${fault}`);
    if (fault === 'after') await run();
    throw new Error(`planted: ${label} fails ${fault}`);
  }

  message(path: string): Message | undefined {
    const fault = this.#plan.messages.get(this.#messages);
    this.#messages += 1;
    if (fault !== undefined) this.log.push(`${path.split('.').slice(1).join('.')} ${fault}`);
    return fault;
  }

  cancels(name: string): boolean {
    const now = this.#plan.cancelBefore === this.#begun;
    this.#begun += 1;
    if (now) this.log.push(`cancelled before ${name}`);
    return now;
  }

  dies(name: string): boolean {
    const now = this.#plan.deaths.has(this.#answers);
    this.#answers += 1;
    if (now) this.log.push(`died after ${name}`);
    return now;
  }
}

/** Every method of the machine that has effects. What only looks is left alone: it has nothing to undo. */
const effectful: { [K in keyof Adapters]?: readonly (keyof Adapters[K])[] } = {
  layers: ['mount', 'importFile', 'unmountExcept', 'remove'],
  volumes: [
    'create',
    'mount',
    'unmount',
    'delete',
    'resize',
    'snapshot',
    'mountSnapshot',
    'unmountSnapshot',
    'deleteSnapshot',
  ],
  roots: ['mount', 'mountReadOnly', 'unmount'],
  runtime: ['start', 'askToStop', 'kill', 'cleanUp', 'applyResources', 'exec', 'runOnce'],
  network: ['apply', 'detach'],
  backups: ['ensureRepository', 'upload', 'storeLayer', 'verify', 'restore', 'forget'],
  templates: ['build'],
};

export function faultyAdapters(adapters: Adapters, faults: Faults): Adapters {
  const wrapped = Object.entries(adapters).map(([part, adapter]) => {
    const names = effectful[part as keyof Adapters] as readonly string[] | undefined;
    const methods = (names ?? []).map((name) => {
      const method = (adapter as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name];
      if (method === undefined) throw new Error(`${part} has no ${name}`);
      return [name, (...args: unknown[]) => faults.effect(`${part}.${name}`, () => method(...args))] as const;
    });
    return [part, { ...adapter, ...Object.fromEntries(methods) }] as const;
  });
  return Object.fromEntries(wrapped) as Adapters;
}

class FaultyConnection extends AgentConnection {
  readonly #faults: Faults;

  constructor(target: AgentAddress, identity: ClientIdentity, faults: Faults) {
    super(target, identity);
    this.#faults = faults;
  }

  override async send(what: AgentRequest): Promise<IncomingMessage> {
    const fault = what.method === 'PUT' ? this.#faults.message(what.path) : undefined;
    const silence = (sent: boolean) => new UnreachableError(this.hostId, new Error('planted'), sent);
    if (fault === undefined) return await super.send(what);
    if (fault === 'refused') throw silence(false);
    const answer = await super.send(what);
    if (fault === 'cut') answer.destroy();
    else await this.readAll(answer);
    if (fault === 'twice') return await super.send(what);
    throw silence(true);
  }
}

export class FaultyAgents extends Agents {
  readonly #make: (target: AgentAddress) => AgentConnection;
  readonly #made = new Map<string, AgentConnection>();

  constructor(identity: ClientIdentity, signer: Agents['signer'], faults: Faults) {
    super(identity, signer);
    this.#make = (target) => new FaultyConnection(target, identity, faults);
  }

  override to(target: AgentAddress): AgentConnection {
    const known = this.#made.get(target.hostId) ?? this.#make(target);
    this.#made.set(target.hostId, known);
    return known;
  }

  override close(): void {
    for (const connection of this.#made.values()) connection.close();
  }
}

/** Stores the answers of one attempt as the product's database would; outlives the deaths of the worker. */
export function faultyJournal(faults: Faults, cancel: () => Promise<void>, beforeStep = async () => {}): Once {
  const stored = new Map<string, unknown>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (stored.has(name)) return structuredClone(stored.get(name)) as T;
    await beforeStep();
    if (faults.cancels(name)) await cancel();
    const answer = JSON.parse(JSON.stringify(await work())) as T;
    if (faults.dies(name)) throw new Died(name);
    stored.set(name, answer);
    return structuredClone(answer);
  };
}
