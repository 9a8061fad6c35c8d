/** A backup by the agent (instant copy, upload) and beside it restic alone on the same files into a repository of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { resources, startTestAgent } from '#tests/support/agent.ts';
import { engineDir } from '#tests/support/engine.ts';
import { type Row, row, timed } from './measure.ts';

const MiB = 1024 * 1024;
const megabytes = 64;

/** Each round writes as much anew, and both back up what has changed. */
export async function benchBackup(say: (text: string) => void, options: { rounds: number }): Promise<Row[]> {
  const agent = await startTestAgent('real');
  const alone = mkdtempSync(join(tmpdir(), 'berth-restic-'));
  const restic = (...args: string[]) =>
    execFileSync(join(engineDir, 'bin/restic'), ['--no-cache', '--repo', alone, ...args], {
      env: { ...process.env, RESTIC_PASSWORD: 'bench' },
      stdio: 'pipe',
    });
  try {
    const big = { ...resources, diskBytes: 1024 * MiB, inodes: 65_536 };
    const made = await agent.container(await agent.template(), { resources: big });
    const { containerId, volumeId, tenantId } = made;
    await agent.act('container.start', { containerId, generation: agent.nextGeneration() });
    await agent.sh(containerId, 'mkdir /data; for i in $(seq 2000); do echo $i > /data/$i; done');
    restic('init');
    const upper = join(agent.config.agentDir, 'mnt/volumes', volumeId, 'upper');
    const [ours, snapshots, verifying, bare]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let round = 0; round <= options.rounds; round += 1) {
      say(`round ${round} of ${options.rounds}, ${megabytes} MiB of new data`);
      await agent.sh(containerId, `dd if=/dev/urandom of=/data/new bs=1M count=${megabytes} 2>/dev/null; sync`);
      const [snapshotId, backupId] = [uuidv7(), uuidv7()];
      const { args, secrets } = agent.repository(tenantId);
      const taken = await timed(() => agent.act('snapshot.create', { containerId, args: { snapshotId } }));
      const uploaded = await timed(() =>
        agent.act('backup.upload', { containerId, args: { backupId, snapshotId, repository: args }, secrets }),
      );
      const { resticSnapshotId, template } = uploaded.value;
      const verified = await timed(() => {
        const what = { backupId, repository: args, resticSnapshotId, layers: template.layers };
        return agent.act('backup.verify', { containerId, args: what, secrets });
      });
      await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
      const one = await timed(async () => restic('backup', '--json', upper));
      if (round === 0) continue; // makes the repository, reads everything
      ours.push(taken.ms + uploaded.ms);
      snapshots.push(taken.ms);
      verifying.push(verified.ms);
      bare.push(one.ms);
    }
    const baseline = { name: 'restic alone', values: bare };
    const target = { text: '≤ 1.3× restic', of: (one: Row) => one.baseline?.ratio ?? 99, atMost: 1.3 };
    return [
      row('backup', `${megabytes} MiB changed of ${megabytes}: copy and upload`, ours, { baseline, target }),
      row('backup', 'of it the instant copy', snapshots),
      row('backup', 'verified afterwards (read back)', verifying),
    ];
  } finally {
    await agent.cleanUp();
    rmSync(alone, { recursive: true, force: true });
  }
}
