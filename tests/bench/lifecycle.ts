/** create, start, kill, delete and copy of a `tiny` container: the agent by its actions, and beside it the baseline and other tools. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { type Baseline, baselinePid, makeBaseline } from './baseline.ts';
import { type Row, row, timed } from './measure.ts';
import { type Other, otherTools } from './others.ts';

const steps = ['create', 'start', 'to running', 'copy', 'kill', 'delete'] as const;
type Times = Record<(typeof steps)[number], number[]>;
const empty = (): Times => ({ create: [], start: [], 'to running': [], copy: [], kill: [], delete: [] });

/** Init proper runs: what is called `running` here for all tools alike. */
async function initRuns(pid: number): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end; await sleep(1)) {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('init')) return;
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/sbin/init')) return;
  }
  throw new Error('init did not begin');
}

async function ours(agent: TestAgent, times: Times): Promise<void> {
  const template = await agent.template();
  const began = performance.now();
  const made = await timed(() => agent.container(template));
  const { containerId } = made.value;
  const started = await timed(() => agent.act('container.start', { containerId, generation: agent.nextGeneration() }));
  const { agentDir } = agent.config;
  await initRuns(Number(readFileSync(join(agentDir, 'run/monitor', containerId, 'pid'), 'utf8')));
  const running = performance.now() - began;
  const copied = await timed(() => agent.act('snapshot.create', { containerId, args: { snapshotId: uuidv7() } }));
  const killed = await timed(() => agent.act('container.kill', { containerId, generation: agent.nextGeneration() }));
  const gone = await timed(() => agent.act('container.delete', { containerId, generation: agent.nextGeneration() }));
  for (const [step, ms] of [
    ['create', made.ms],
    ['start', started.ms],
    ['to running', running],
    ['copy', copied.ms],
    ['kill', killed.ms],
    ['delete', gone.ms],
  ] as const) {
    times[step].push(ms);
  }
}

async function plain(baseline: Baseline, name: string, times: Times): Promise<void> {
  const began = performance.now();
  times.create.push((await timed(() => baseline.run('create', name))).ms);
  times.start.push((await timed(() => baseline.run('start', name))).ms);
  await initRuns(baselinePid(baseline, name));
  times['to running'].push(performance.now() - began);
  times.copy.push((await timed(() => baseline.run('clone', name))).ms);
  times.kill.push((await timed(() => baseline.run('kill', name))).ms);
  times.delete.push((await timed(() => baseline.run('delete', name))).ms);
}

async function another(tool: Other, name: string, times: Times): Promise<void> {
  const began = performance.now();
  for (const step of ['create', 'start', 'copy', 'kill', 'delete'] as const) {
    const { ms, value } = await timed(() => tool.run(step, name));
    if (value) times[step].push(ms);
    if (step === 'start') times['to running'].push(performance.now() - began);
  }
}

export async function benchLifecycle(say: (text: string) => void, options: { rounds: number }): Promise<Row[]> {
  const agent = await startTestAgent('real');
  const undo: (() => void | Promise<void>)[] = [];
  try {
    const template = await agent.template();
    const layer = join(agent.config.poolPath, 'layers', `${template.layers[0]?.replace('sha256:', '')}.erofs`);
    const baseline = makeBaseline(layer);
    undo.push(() => baseline.cleanUp());
    const tools = otherTools(layer, say);
    for (const tool of tools) undo.push(() => tool.cleanUp());
    const [mine, base] = [empty(), empty()];
    const theirs = tools.map((tool) => ({ tool, times: empty() }));
    // In turn, so that what else the machine does meets all of them alike. The first round warms caches.
    for (let round = 0; round <= options.rounds; round += 1) {
      say(`life cycles ${round} of ${options.rounds}`);
      await ours(agent, round === 0 ? empty() : mine);
      await plain(baseline, `b${round}`, round === 0 ? empty() : base);
      for (const { tool, times } of theirs) await another(tool, `bench${round}`, round === 0 ? empty() : times);
    }
    return steps.flatMap((step) => {
      const target = {
        text: 'create to running ≤ 2× baseline',
        of: (one: Row) => one.baseline?.ratio ?? 99,
        atMost: 2,
      };
      const beside = { baseline: { name: 'baseline.sh', values: base[step] } };
      return [
        row('tiny', step, mine[step], step === 'to running' ? { ...beside, target } : beside),
        ...theirs
          .filter(({ times }) => times[step].length > 0)
          .map(({ tool, times }) =>
            row('tiny', `${step}, and ${tool.name}`, mine[step], {
              baseline: { name: tool.name, values: times[step] },
            }),
          ),
      ];
    });
  } finally {
    try {
      for (const one of undo.reverse()) await one();
    } finally {
      await agent.cleanUp();
    }
  }
}
