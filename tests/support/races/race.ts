/**
 * Two verbs at once on one container, and whether the end is one that some serial order has. What was refused, cancelled or
 * undone must have had no effect; what failed half-way (a start that was killed) may count as done or not.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BerthError, type ErrorCode } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import type { ContainerVerb } from '#lib/contract/states.ts';
import { Random } from '../random.ts';
import { clear } from '../sagas/run.ts';
import type { SimBench } from '../sim-bench.ts';
import { endOf, makePlace, type Place, verbs } from './verbs.ts';

type Fate = { verb: ContainerVerb; end: 'succeeded' | 'failed' | 'cancelled' | 'refused'; why: string };

/** Refusals that tell whoever comes second what is the matter. */
const politely: readonly ErrorCode[] = ['busy', 'already', 'state', 'not_found'];

async function carryOut(place: Place, verb: ContainerVerb, pause: () => Promise<void>): Promise<Fate> {
  let asked: Operation | null;
  try {
    asked = await verbs[verb](place);
  } catch (error) {
    if (!(error instanceof BerthError)) throw error;
    // A command that a swap or stop cuts off has no operation that could be undone.
    const cut = verb === 'exec' || verb === 'console';
    if (!politely.includes(error.code) && !cut) throw error;
    return { verb, end: cut ? 'failed' : 'refused', why: `${error.code} ${error.message}` };
  }
  if (asked === null) return { verb, end: 'succeeded', why: '' };
  await pause();
  const done = await place.bench.run(asked, pause);
  if (done.state === 'stuck') throw new Error(`${verb} is stuck: ${done.evidence.join(' ')}`);
  return { verb, end: done.state as Fate['end'], why: done.error?.detail ?? '' };
}

/** The end after these verbs one after another; those that are refused change nothing. */
async function serial(bench: SimBench, running: boolean, order: readonly ContainerVerb[]): Promise<string> {
  const place = await makePlace(bench, new Random(0), running);
  try {
    for (const verb of order) await carryOut(place, verb, async () => undefined);
    return await endOf(place);
  } finally {
    await clear(bench, place.containerId);
  }
}

/** The ends of serial orders, found once each. To be asked while no other container is on the host. */
export class SerialEnds {
  readonly #known = new Map<string, string>();

  /** By the order in words, for every order of none, one or both of the pair. */
  async of(bench: SimBench, running: boolean, [a, b]: Pair): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const order of [[], [a], [b], [a, b], [b, a]]) {
      const key = `${running} ${order.join()}`;
      const end = this.#known.get(key) ?? (await serial(bench, running, order));
      this.#known.set(key, end);
      found.set(order.join(), end);
    }
    return found;
  }
}

type Pair = readonly [ContainerVerb, ContainerVerb];

/** Runs one interleaving; undefined when its end is a serial one, else what is wrong. */
export async function race(bench: SimBench, ends: SerialEnds, pair: Pair, seed: number): Promise<string | undefined> {
  const random = new Random(seed);
  const running = runningFor(pair, random);
  const serials = await ends.of(bench, running, pair);
  const place = await makePlace(bench, new Random(0), running);
  try {
    // Each goes on after a pause of its own: from at once to long after the other has ended.
    const pauses = () => {
      const most = random.pick([0, 2, 8, 30]);
      return () => sleep(random.below(most + 1));
    };
    const head = random.chance(0.5) ? 0 : random.below(40);
    const [first, second] = random.chance(0.5) ? pair : [pair[1], pair[0]];
    const go = async (verb: ContainerVerb, after: number, pause: () => Promise<void>) => {
      if (after > 0) await sleep(after);
      return await carryOut(place, verb, pause);
    };
    const fates = await Promise.all([go(first, 0, pauses()), go(second, head, pauses())]);
    const end = await endOf(place);
    const sure = fates.filter((one) => one.end === 'succeeded').map((one) => one.verb);
    const open = fates.filter((one) => one.end === 'failed').map((one) => one.verb);
    for (const chosen of choices(sure, open)) {
      for (const order of orders(chosen)) if (end === serials.get(order.join())) return undefined;
    }
    const told = fates.map((one) => `${one.verb} ${one.end} ${one.why}`).join(' | ');
    const lists = [...serials].map(([order, its]) => `\n  ${order.padEnd(20)} ${its}`).join('');
    return `seed ${seed} ${first}, ${second} (${running ? 'running' : 'stopped'}): ${told}\n  end ${end}${lists}`;
  } catch (error) {
    return `seed ${seed} ${pair.join(' and ')}: ${String((error as Error).stack)}`;
  } finally {
    await clear(bench, place.containerId);
  }
}

/** A start needs what is stopped, some need what runs; else chance decides. */
function runningFor(pair: readonly ContainerVerb[], random: Random): boolean {
  const needs = pair.filter((verb) => ['stop', 'restart', 'kill', 'exec', 'console'].includes(verb));
  if (pair.includes('start')) return needs.length > 0 && random.chance(0.5);
  return needs.length > 0 || random.chance(0.5);
}

function choices<T>(sure: readonly T[], open: readonly T[]): T[][] {
  let all = [[...sure]];
  for (const one of open) all = all.concat(all.map((chosen) => [...chosen, one]));
  return all;
}

function orders<T>(list: readonly T[]): T[][] {
  const [a, b] = list;
  return a === undefined || b === undefined
    ? [[...list]]
    : [
        [a, b],
        [b, a],
      ];
}
