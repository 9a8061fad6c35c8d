/**
 * How long writes stand still while a container is copied: with many files, idle and under a load of writes. How long snapshots, roll-backs
 * and clones take, beside a copy of the same files by `cp`. And a folder with 100,000 entries.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { resources, startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { type Row, row, timed } from './measure.ts';

const MiB = 1024 * 1024;

export async function benchSnapshot(
  say: (text: string) => void,
  options: { files: number; rounds: number },
): Promise<Row[]> {
  const agent = await startTestAgent('real');
  try {
    const big = { ...resources, diskBytes: 1024 * MiB, inodes: 65_536 };
    const template = await agent.template();
    const place = await agent.container(template, { resources: big });
    const { containerId } = place;
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
    say('snapshots, roll-backs and clones');
    const copies = await benchCopies(agent, { ...place, template }, Math.ceil(options.rounds / 4));
    say('under load');
    const load =
      'while :; do dd if=/dev/zero of=/data/load bs=64k count=200 conv=fsync; echo x > /data/1/$((n=n+1)); done';
    await agent.sh(containerId, `(${load}) > /dev/null 2>&1 < /dev/null &`);
    const loaded = await freezes();
    await agent.act('container.kill', { containerId, generation: agent.nextGeneration() });
    return [
      ...copies,
      row('freeze', `${options.files} files, idle`, idle),
      row('freeze', `${options.files} files, under load`, loaded, { baseline: { name: 'idle', values: idle } }),
    ];
  } finally {
    await agent.cleanUp();
  }
}

type Source = {
  containerId: string;
  volumeId: string;
  tenantId: string;
  template: Awaited<ReturnType<TestAgent['template']>>;
};

async function benchCopies(agent: TestAgent, source: Source, rounds: number): Promise<Row[]> {
  const { containerId, tenantId, template } = source;
  const [snapshots, copies, rolls, clones, plain]: number[][] = [[], [], [], [], []];
  const big = { ...resources, diskBytes: 1024 * MiB, inodes: 65_536 };
  let { volumeId } = source;
  for (let round = 0; round < rounds; round += 1) {
    const [snapshotId, copy, cloneId] = [uuidv7(), uuidv7(), uuidv7()];
    const taken = await timed(() => agent.act('snapshot.create', { containerId, args: { snapshotId, keep: true } }));
    snapshots?.push(taken.ms);
    const names = { sourceId: containerId, snapshotId: uuidv7(), tenantId, name: 'copy', hostname: 'copy' };
    const args = { ...names, volumeId: uuidv7(), resources: big };
    clones?.push((await timed(() => agent.act('container.clone', { containerId: cloneId, args }))).ms);
    await agent.act('container.delete', { containerId: cloneId });
    const upper = join(agent.config.agentDir, 'mnt/volumes', volumeId, 'upper');
    const target = join(agent.config.agentDir, 'mnt/volumes', volumeId, 'copy');
    plain?.push((await timed(async () => execFileSync('cp', ['-a', '--reflink=auto', upper, target]))).ms);
    rmSync(target, { recursive: true });
    const rolled = await timed(async () => {
      const made = await timed(() => agent.act('volume.copy', { containerId, args: { volumeId: copy, snapshotId } }));
      copies?.push(made.ms);
      const system = { volumeId: copy, template, carryIdentity: false, oldAt: null, stopTimeoutMs: 10_000 };
      await agent.act('container.swap', { containerId, args: system, generation: agent.nextGeneration() });
    });
    rolls?.push(rolled.ms);
    await agent.act('volume.delete', { containerId, args: { volumeId } });
    await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    volumeId = copy;
  }
  const baseline = { name: 'cp -a of the files', values: plain ?? [] };
  return [
    row('copies', 'snapshot of a running container', snapshots ?? [], { baseline }),
    row('copies', 'clone of a running container', clones ?? [], { baseline }),
    row('copies', 'roll-back: stopped, copied, started', rolls ?? [], { baseline }),
    row('copies', 'of it the copy', copies ?? []),
  ];
}

/** A page of a folder with so many entries, beside `ls` in the container itself. */
export async function benchFolder(
  say: (text: string) => void,
  options: { entries: number; rounds: number },
): Promise<Row[]> {
  const agent = await startTestAgent('real');
  try {
    const big = { ...resources, diskBytes: 1024 * MiB, inodes: 131_072 };
    const { containerId } = await agent.container(await agent.template(), { resources: big });
    await agent.act('container.start', { containerId, generation: agent.nextGeneration() });
    say(`making ${options.entries} files`);
    const script = `mkdir /many; cd /many; seq -w ${options.entries} | xargs -n 5000 touch; sync`;
    const made = await agent.exec(containerId, ['/bin/sh', '-c', script], { timeoutMs: 120_000 });
    if (made.exitCode !== 0) throw new Error(`the files were not made: ${made.stderr}`);
    const path = Buffer.from('/many').toString('base64');
    const page = (sort: 'name' | 'size', offset: number) => {
      const order = { path, sort, descending: false, match: '', limit: 200, offset };
      return timed(() => agent.files(containerId, 'list', order));
    };
    const [byName, last, bySize, ls]: number[][] = [[], [], [], []];
    for (let round = 0; round < options.rounds; round += 1) {
      byName?.push((await page('name', 0)).ms);
      last?.push((await page('name', options.entries - 200)).ms);
      bySize?.push((await page('size', 0)).ms);
      ls?.push((await timed(() => agent.sh(containerId, 'ls -la /many | wc -l'))).ms);
    }
    const baseline = { name: 'ls -la inside', values: ls ?? [] };
    return [
      row('folder', `first 200 of ${options.entries} entries by name`, byName ?? [], { baseline }),
      row('folder', 'last 200 by name', last ?? [], { baseline }),
      row('folder', 'first 200 by size', bySize ?? [], { baseline }),
    ];
  } finally {
    await agent.cleanUp();
  }
}
