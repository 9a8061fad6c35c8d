/** Fault points as a run of the agent passes them, and which of them a run of the suite kills at. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { panelHeardAt } from '#agent/reconcile/panel-word.ts';
import { openStore } from '#agent/store/store.ts';
import type { TestAgent } from '../../support/agent.ts';

/** One side of an effect; `nth` counts its passages within what was watched. */
export type Point = { label: string; moment: 'before' | 'after'; nth: number };
export const nameOf = ({ label, moment, nth }: Point) => `${label}@${moment}${nth === 1 ? '' : `#${nth}`}`;

const oftenMs = 5 * 60_000;

const hit = new Set<string>();
/** Labels that the agents of this run have passed, or been killed at. */
export const labelsHit: ReadonlySet<string> = hit;

/** A test agent whose fault points are listed in one file and armed by another, at any time of its life. */
export class Rig {
  readonly agent: TestAgent;
  readonly #log: string;
  readonly #fault: string;
  #heardAt = Date.now();

  constructor(agent: TestAgent) {
    this.agent = agent;
    this.#log = join(agent.made.directory, 'passages');
    this.#fault = join(agent.made.directory, 'fault');
    writeFileSync(this.#log, '');
  }

  start(): Promise<void> {
    this.#heardPanel();
    return this.agent.start({ BERTH_FAULT_FILE: this.#fault, BERTH_FAULT_LOG: this.#log });
  }

  /**
   * No agent here lives long enough to write down that it hears the panel: after ten minutes of rounds it would take itself for one that has been
   * away, and wait for the panel's word before it starts anything.
   */
  #heardPanel(): void {
    const file = join(this.agent.config.agentDir, 'agent.db');
    if (Date.now() - this.#heardAt < oftenMs || !existsSync(file)) return;
    this.#heardAt = Date.now();
    const store = openStore(file);
    store.write('STORE:PANEL-HEARD', () => store.setSetting(panelHeardAt, new Date().toISOString()));
    store.close();
  }

  /** Whoever comes to the point is killed, or finds its disk broken or full. */
  arm(point: Point, how: 'kill' | 'error' | 'full' = 'kill'): void {
    writeFileSync(this.#fault, `${point.label}@${point.moment}#${point.nth}=${how}`);
  }

  disarm(): void {
    rmSync(this.#fault, { force: true });
  }

  /** From here on passages count. */
  watch(): void {
    truncateSync(this.#log, 0);
  }

  /** Every passage since {@link watch}, in order. */
  seen(): Point[] {
    const times = new Map<string, number>();
    const lines = existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trim().split('\n') : [];
    return lines.filter(Boolean).map((line) => {
      const nth = (times.get(line) ?? 0) + 1;
      times.set(line, nth);
      const [label = '', moment] = line.split('@');
      hit.add(label);
      return { label, moment: moment as Point['moment'], nth };
    });
  }
}

/**
 * Which points are killed at. The state after one effect is the state before the next, so `before` halves the rounds of `both`
 * and loses only the last; `sample` takes one of those, and says so. These take the first passage of each label;
 * `every` takes all of them, on both sides.
 */
export type Extent = 'every' | 'both' | 'before' | 'sample' | 'none';

/** Shard `index` of `count`, counted from 1. */
export type Shard = { index: number; count: number };

/** Reads `2/6`; everything is shard 1 of 1. */
export function shardOf(text: string | undefined): Shard {
  if (text === undefined || text === '') return { index: 1, count: 1 };
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (!(shard.index >= 1 && shard.index <= shard.count)) throw new Error(`BERTH_SHARD is not i/n: ${text}`);
  return shard;
}

/** By name, not by place in the list: lists of two runs may differ by a repetition, and then no point must fall between shards. */
function isMine(scenario: string, point: Point, { index, count }: Shard): boolean {
  const digest = createHash('sha256')
    .update(`${scenario} ${nameOf(point)}`)
    .digest();
  return digest.readUInt32BE() % count === index - 1;
}

export function wanted<P extends Point>(scenario: string, all: readonly P[], extent: Extent, shard: Shard): P[] {
  if (extent === 'none') return [];
  const chosen = extent === 'every' ? all : all.filter(({ nth }) => nth === 1);
  const states = chosen.filter(({ moment }, index) => moment === 'before' || index === chosen.length - 1);
  if (extent !== 'sample') {
    const due = extent === 'before' ? states : chosen;
    return due.filter((point) => isMine(scenario, point, shard));
  }
  // Not all scenarios in the same place: what is common to them should be met in different parts.
  const number = createHash('sha256').update(scenario).digest().readUInt32BE();
  return states.slice(number % states.length).slice(0, 1);
}
