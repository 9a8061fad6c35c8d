/** Many containers started at once, and what each takes of the host's memory while all share one layer. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resources, startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { type Row, row, timed } from './measure.ts';

const MiB = 1024 * 1024;

/** What the kernel charges to the control groups of an instance, in MiB: its containers' processes, files and kernel objects. */
function chargedMB(instance: string): number {
  const files = [
    `/sys/fs/cgroup/memory/berth-${instance}/memory.usage_in_bytes`,
    `/sys/fs/cgroup/berth-${instance}/memory.current`,
  ];
  const file = files.find((path) => existsSync(path));
  return file === undefined ? Number.NaN : Number(readFileSync(file, 'utf8')) / MiB;
}

/** Proportional share of memory of the processes whose command line names `word`, in MiB. */
function shareMB(word: string): number {
  let kib = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word)) continue;
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // ended meanwhile
    }
  }
  return kib / 1024;
}

async function allRun(agent: TestAgent, count: number): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const running = (await agent.inventory()).filter((item) => item.power === 'running').length;
    if (running === count) return;
  }
  throw new Error('not all containers run');
}

export async function benchStorm(say: (text: string) => void, options: { containers: number }): Promise<Row[]> {
  const { containers: count } = options;
  const agent = await startTestAgent('real', {}, 5 * 1024);
  try {
    const template = await agent.template();
    const small = { ...resources, diskBytes: 64 * MiB, inodes: 2048 };
    say(`making ${count} containers`);
    const made: string[] = [];
    for (let n = 0; n < count; n += 1) {
      made.push((await agent.container(template, { name: `web-${n}`, resources: small })).containerId);
    }
    say('starting them all at once');
    const generation = agent.nextGeneration();
    const each: number[] = [];
    const all = await timed(async () => {
      const began = performance.now();
      await Promise.all(
        made.map(async (containerId) => {
          await agent.act('container.start', { containerId, generation });
          each.push(performance.now() - began);
        }),
      );
    });
    await allRun(agent, count);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const perContainer = chargedMB(agent.config.instance) / count;
    const monitors = shareMB(`--bundle\0${agent.config.agentDir}`) / count;
    return [
      row('storm', `${count} starts at once: the last`, [all.ms]),
      row('storm', `${count} starts at once: each`, each),
      row('storm', 'memory charged to a container', [perContainer], { unit: 'MiB' }),
      row('storm', 'and its monitor', [monitors], { unit: 'MiB' }),
    ];
  } finally {
    await agent.cleanUp();
  }
}
