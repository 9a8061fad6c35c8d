/**
 * Lets the effects of an action fail, one a round, and looks at what is left. The agent lives on: the old state → a failure at
 * one place → the order → it is refused, or done after all → the container is in the old or the new state, and the host holds
 * what belongs to that state and nothing else → the same order again must succeed → back to the old state.
 */
import { BerthError } from '#lib/contract/errors.ts';
import {
  enumerate,
  hostHolds,
  type Report,
  type Scenario,
  type States,
  settled,
  startOver,
} from '../../integration/crash/harness.ts';
import { nameOf, type Rig, type Shard, wanted } from '../../integration/crash/points.ts';
import type { TestAgent } from '../../support/agent.ts';

/** What is left over or half done is taken up by the next look of the agent over its host, once a minute. */
const untilNextLookMs = 100_000;

/** One place at which something fails, and how it is put there and taken away. */
export type Failure = { arm(): void; disarm(): void; met(): boolean };

/** What a scenario's round adds where more than the host can be harmed. */
export type Beside<X> = {
  /** Lines of the host's state that a failure may leave until the order is given again. */
  ignore?: RegExp;
  /** After the order has succeeded: whatever else must be whole. */
  whole?(x: X): Promise<void>;
};

/** The agent, but an order that fails is given again by itself as often as `patience` says. */
function asked(agent: TestAgent, patience: { retries: number }): TestAgent {
  return new Proxy(agent, {
    get(target, name) {
      if (name === 'send')
        return (...[call, watcher]: Parameters<TestAgent['send']>) => target.send(call, watcher, patience);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Null when nothing came to the place. */
async function round<X>(
  agent: TestAgent,
  scenario: Scenario<X>,
  states: States,
  failureOf: (x: X) => Failure,
  beside: Beside<X>,
): Promise<'old' | 'new' | null> {
  const patience = { retries: 0 };
  const x = await scenario.before(agent);
  const order = scenario.order(asked(agent, patience), x);
  const failure = failureOf(x);
  const { pid } = agent;
  failure.arm();
  const refusal: unknown = await order().then(
    () => null,
    (error: unknown) => error,
  );
  const met = failure.met();
  failure.disarm();
  if (agent.pid !== pid) throw new Error('the agent is another');
  if (refusal !== null && !(refusal instanceof BerthError)) throw refusal;
  const seen = await settled(agent, scenario, x, untilNextLookMs);
  if (refusal === null && seen !== 'new') throw new Error('it says that it is done, and it is not');
  await hostHolds(agent, states[seen], `after the failure, in the ${seen} state`, {
    timeoutMs: untilNextLookMs,
    ignore: [beside.ignore, scenario.fleeting],
  });
  patience.retries = 4;
  await order();
  if ((await settled(agent, scenario, x)) !== 'new')
    throw new Error('the repeated order did not lead to the new state');
  await scenario.usable(agent, x);
  await beside.whole?.(x);
  await scenario.reset(agent, x);
  await hostHolds(agent, states.clean, 'after the reset', { timeoutMs: untilNextLookMs });
  return met ? seen : null;
}

const empty = (of: number): Report => ({
  points: 0,
  passed: 0,
  old: 0,
  new: 0,
  twice: 0,
  unmet: [],
  of,
  failures: [],
});

/** One round for each failure. */
export async function failRounds<X>(
  rig: Rig,
  scenario: Scenario<X>,
  states: States,
  failures: readonly ((x: X) => Failure)[],
  names: readonly string[],
  beside: Beside<X> = {},
): Promise<Report> {
  const report = empty(failures.length);
  const began = performance.now();
  for (const [index, failureOf] of failures.entries()) {
    const name = `${scenario.name}: ${names[index]}`;
    report.points += 1;
    try {
      const seen = await round(rig.agent, scenario, states, failureOf, beside);
      if (seen === null) {
        report.points -= 1;
        report.unmet.push(name);
        continue;
      }
      report.passed += 1;
      report[seen] += 1;
    } catch (error) {
      report.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      process.stdout.write(`${report.failures.at(-1)}\n`);
      await startOver(rig);
    }
  }
  const { passed, points, old, unmet } = report;
  const missed = unmet.length > 0 ? `, not met: ${unmet.join('; ')}` : '';
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `${scenario.name}: ${passed} of ${points} failures (${old} old, ${report.new} new${missed}) in ${seconds} s\n`,
  );
  return report;
}

/** Pid files of programs inside: one that cannot be taken away goes with the next start of the agent. */
const untilStart = 'RUNTIME:EXEC-CLEAR';
/** Not taken away, it is used again the next time, and then taken away. */
const emptyMountPoint = /^\+ mnt\/(snapshots|volumes|roots)\/ID$/;

/** A disk that is full at each effect of the scenario's order. */
export async function fullEverywhere<X>(rig: Rig, scenario: Scenario<X>, shard: Shard): Promise<Report> {
  const { points, states } = await enumerate(rig, scenario, 'sample');
  const before = points.filter(({ label, moment }) => moment === 'before' && label !== untilStart);
  const due = wanted(scenario.name, before, 'before', shard);
  const failures = due.map(
    (point) => (): Failure => ({
      arm() {
        rig.watch();
        rig.arm(point, 'full');
      },
      disarm: () => rig.disarm(),
      met: () => rig.seen().some((one) => nameOf(one) === nameOf(point)),
    }),
  );
  return failRounds(
    rig,
    scenario,
    states,
    failures,
    due.map((point) => `full at ${nameOf(point)}`),
    { ignore: emptyMountPoint },
  );
}
