/** Many containers started at once, and what each takes of the host's memory while all share one layer. */
import { readdirSync, readFileSync } from 'node:fs';
import { resources, startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { type Row, row, timed } from './measure.ts';

const MiB = 1024 * 1024;

function availableMB(): number {
  return Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024;
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
    const before = availableMB();
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
    const perContainer = (before - availableMB()) / count;
    const monitors = shareMB('/usr/bin/conmon') / count;
    return [
      row('storm', `${count} starts at once: the last`, [all.ms]),
      row('storm', `${count} starts at once: each`, each),
      row('storm', 'memory a container, all told', [perContainer], { unit: 'MiB' }),
      row('storm', 'of it the monitor', [monitors], { unit: 'MiB' }),
    ];
  } finally {
    await agent.cleanUp();
  }
}
