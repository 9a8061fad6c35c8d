/**
 * BERTH_CRASH=full kills on both sides of every effect, =before before each effect and after the last, which meets the same
 * states, =enumerate only lists what is hit. By default every fifth point, so that it fits into an everyday run; the long run
 * takes `before`. BERTH_CRASH_ONLY=start,swap runs some verbs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestAgent } from '../../support/agent.ts';
import { crashEverywhere, type Extent, labelsHit, type Scenario } from './harness.ts';
import { scenarios } from './scenarios.ts';

const modes: Record<string, Extent> = { full: 'both', before: 'before', enumerate: 'none' };
const extent = modes[process.env.BERTH_CRASH ?? ''] ?? 'sample';
const only = process.env.BERTH_CRASH_ONLY;

/** Each lane has an agent of its own; a round mostly waits, so that three together keep two processors busy. */
const lanes = [
  ['remove', 'start', 'swap'], // remove first: it judges by an empty host
  ['stop', 'restart', 'upload', 'grow'],
  ['create', 'restore', 'verify', 'snapshot'],
] as const satisfies (keyof ReturnType<typeof scenarios>)[][];

/**
 * Labels that these actions do not pass, and why. The list may only
 * get shorter.
 */
const elsewhere: Record<string, readonly RegExp[]> = {
  'not on a host, or before there is an agent': [/^SIM:/, /^ENROLL:/],
  'building templates and importing layers': [
    /^TEMPLATE:/,
    /^LAYER:(MKFS|COPY|COMMIT|SYNC|DUPLICATE|UNPACK|UNPACKED|VERIFIED)$/,
  ],
  'a host that mounts no erofs from a file, or a volume on a pool without reflinks': [
    /^LAYER:(LOOP|BIND|READ-ONLY)$/,
    /^SNAPSHOT:COPY$/,
  ],
  'collecting layers': [/^LAYER:(DELETE|UNMOUNT|MOUNT-POINT-GONE|LEFTOVER|DISCARD)$/],
  'the start of an agent on a fresh host, and its end': [
    /^(AGENT|DATABASE|POOL|MOUNTS):/,
    /^(VOLUME|LAYER|ROOT):DIRECTORY$/,
    /^CGROUP:ENABLE$/,
    /^LEDGER:KEY$/,
    /^STORE:HOST-BOOT$/,
    /^NETWORK:(BRIDGE|FORWARDING|REMEMBER-FORWARDING|FORGET-FORWARDING|INSTALL-HOOK|MKDIR|RESOLV-CONF|SETTING|LIST-TABLES)$/,
    /^NETWORK:(START-RESOLVER|STOP-RESOLVER|REMOVE-RESOLVER-PID|REMOVE-FILES|REMOVE-HOOK|DELETE-BRIDGE|DELETE-RULES)$/,
  ],
  'putting right what a killed agent left, which is what follows each kill here': [
    /^LEDGER:(INTERRUPT|PRUNE)$/,
    /^STORE:(DISCARD|DESIRED)$/,
    /^NETWORK:DELETE-VETH$/,
    /^SNAPSHOT:(DISCARD|THAW)$/,
    /^VOLUME:(LEFTOVER|THAW|CHECK)$/,
    /^MONITOR:END$/,
    /^BACKUP:(HEAL-CONFIG|HEAL-KEY|UNLOCK|FIND-EARLIER|FORGET-EARLIER|FORGET-PARTIAL|REMOVE-LEFT-OVERS)$/,
  ],
  'consoles and commands, which change nothing of a container': [
    /^CONSOLE:/,
    /^LEDGER:EXEC$/,
    /^RUNTIME:EXEC(-KILL|-CLEAR|-DIRECTORY)?$/,
    /^SYS:BOUNDED-KILL$/,
  ],
  'shrinking and growing while stopped': [
    /^VOLUME:(SHRINK|RESIZE-COPY|RESIZE-COMMIT|RESIZE-DISCARD)$/,
    /^STORE:RESIZED$/,
  ],
  'processes that outlive their init, which depends on the moment': [/^CGROUP:KILL$/],
  'forgetting and reading backups': [/^BACKUP:(FORGET|PRUNE|LIST|READ-METADATA)$/],
};

/** Every effect label of the agent's source. */
function labelsInSource(): string[] {
  const found = new Set<string>();
  const walk = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith('.ts')) {
        for (const [, label = ''] of readFileSync(path, 'utf8').matchAll(/'([A-Z][A-Z0-9]*(?::[A-Z0-9-]+)+)'/g))
          found.add(label);
      }
    }
  };
  walk(new URL('../../../agent', import.meta.url).pathname);
  return [...found].sort();
}

describe('an agent killed at any effect', () => {
  it.concurrent.each(lanes.map((lane) => [lane.join(', '), lane] as const))(
    'leaves the old or the new state, usable, and nothing else: %s',
    async (_title, lane) => {
      const agent = await startTestAgent('real');
      try {
        const all = scenarios(await agent.template());
        const failures: string[] = [];
        for (const name of lane) {
          if (only !== undefined && !only.split(',').includes(name)) continue;
          await crashEverywhere(agent, all[name] as Scenario<unknown>, extent).catch((error: Error) =>
            failures.push(error.message),
          );
        }
        expect(failures).toEqual([]);
      } finally {
        await agent.cleanUp();
      }
    },
    2_400_000,
  );

  it.skipIf(only !== undefined)('was killed at every label there is, but those of other business', () => {
    const all = labelsInSource();
    const excused = (label: string) =>
      Object.values(elsewhere)
        .flat()
        .some((pattern) => pattern.test(label));
    const missed = all.filter((label) => !labelsHit.has(label) && !excused(label));
    process.stdout.write(
      `labels: ${labelsHit.size} hit, ${all.filter(excused).length} of other business, of ${all.length}\n`,
    );
    expect(missed).toEqual([]);
  });
});
