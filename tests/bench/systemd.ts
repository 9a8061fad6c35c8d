/** A Debian 12 container from the wish to start it until systemd says `running`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { resources, startTestAgent } from '#tests/support/agent.ts';
import { type Row, row, timed } from './measure.ts';

const MiB = 1024 * 1024;

export async function benchSystemd(say: (text: string) => void, options: { rounds: number }): Promise<Row[]> {
  const agent = await startTestAgent('real');
  try {
    say('building the template');
    const built = await timed(() => agent.template('debian-12'));
    const big = { ...resources, diskBytes: 1024 * MiB, inodes: 65_536, memoryBytes: 512 * MiB, cpuCores: 2 };
    const [first, again]: [number[], number[]] = [[], []];
    for (let round = 0; round < options.rounds; round += 1) {
      say(`boots ${round + 1} of ${options.rounds}`);
      const { containerId } = await agent.container(built.value, { resources: big });
      for (const times of [first, again]) {
        const { ms } = await timed(async () => {
          await agent.act('container.start', { containerId, generation: agent.nextGeneration() });
          for (const end = Date.now() + 120_000; ; await sleep(20)) {
            const { stdout } = await agent.exec(containerId, ['systemctl', 'is-system-running']);
            if (stdout.trim() === 'running') return;
            if (Date.now() > end) throw new Error(`systemd says ${stdout.trim()}`);
          }
        });
        times.push(ms);
        await agent.act('container.kill', { containerId, generation: agent.nextGeneration() });
      }
      await agent.act('container.delete', { containerId, generation: agent.nextGeneration() });
    }
    return [
      row('systemd', 'debian-12: first start to running', first),
      row('systemd', 'debian-12: later start to running', again),
      row('systemd', 'building the template', [built.ms]),
    ];
  } finally {
    await agent.cleanUp();
  }
}
