/** How long writes stand still while a container is copied: with many files, idle and under a load of writes. */
import { v7 as uuidv7 } from 'uuid';
import { resources, startTestAgent } from '#tests/support/agent.ts';
import { type Row, row } from './measure.ts';

const MiB = 1024 * 1024;

export async function benchSnapshot(
  say: (text: string) => void,
  options: { files: number; rounds: number },
): Promise<Row[]> {
  const agent = await startTestAgent('real');
  try {
    const big = { ...resources, diskBytes: 1024 * MiB, inodes: 65_536 };
    const { containerId } = await agent.container(await agent.template(), { resources: big });
    await agent.act('container.start', { containerId, generation: agent.nextGeneration() });
    say(`writing ${options.files} files`);
    for (let directory = 1; directory <= 20; directory += 1) {
      const script = `mkdir -p /data/${directory}; i=0; while [ $i -lt ${options.files / 20} ]; do echo $i > /data/${directory}/$i; i=$((i+1)); done`;
      const written = await agent.exec(containerId, ['/bin/sh', '-c', script], { timeoutMs: 120_000 });
      if (written.exitCode !== 0) throw new Error(`the files were not written: ${written.stderr}`);
    }
    const freezes = async () => {
      const values: number[] = [];
      for (let round = 0; round < options.rounds; round += 1) {
        const snapshotId = uuidv7();
        values.push((await agent.act('snapshot.create', { containerId, args: { snapshotId } })).freezeMs);
        await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
      }
      return values;
    };
    say('idle');
    const idle = await freezes();
    say('under load');
    const load =
      'while :; do dd if=/dev/zero of=/data/load bs=64k count=200 conv=fsync; echo x > /data/1/$((n=n+1)); done';
    await agent.sh(containerId, `(${load}) > /dev/null 2>&1 < /dev/null &`);
    const loaded = await freezes();
    return [
      row('freeze', `${options.files} files, idle`, idle),
      row('freeze', `${options.files} files, under load`, loaded, { baseline: { name: 'idle', values: idle } }),
    ];
  } finally {
    await agent.cleanUp();
  }
}
