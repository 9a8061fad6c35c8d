import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { TestAgent } from '../../support/agent.ts';

const stop = { timeoutMs: 20_000 };

export type Lived = { containerId: string; tenantId: string; resticSnapshotId: string };

/**
 * Everything a container can have: it runs, with a forward, a command under way, a snapshot, a backup that was restored, the
 * old volume retained, a spare volume. `told` hears of each stage before it begins.
 */
export async function live(agent: TestAgent, told: (stage: string) => void = () => undefined): Promise<Lived> {
  told('template');
  const template = await agent.template('tiny');
  told('create');
  const { containerId, tenantId } = await agent.container(template);
  told('start');
  await agent.act('container.start', { containerId });
  const hostPort = agent.config.forwardPorts.first;
  await agent.act('container.forwards', {
    containerId,
    args: { forwards: [{ protocol: 'tcp', hostPort, containerPort: 80 }] },
  });
  await agent.sh(containerId, 'dd if=/dev/urandom of=/root/bulk bs=1M count=48 2>/dev/null');
  void agent.exec(containerId, ['sleep', '600'], { timeoutMs: 100_000 }).catch(() => undefined);
  const [snapshotId, backupId, volumeId] = [uuidv7(), uuidv7(), uuidv7()];
  told('snapshot');
  await agent.act('snapshot.create', { containerId, args: { snapshotId } });
  const { args: repository, secrets } = agent.repository(tenantId);
  told('upload');
  const { resticSnapshotId } = await agent.act('backup.upload', {
    containerId,
    args: { backupId, snapshotId, repository },
    secrets,
  });
  const { layers } = template;
  await agent.act('backup.verify', { containerId, args: { backupId, repository, resticSnapshotId, layers }, secrets });
  told('restore');
  await agent.act('volume.restore', {
    containerId,
    args: { volumeId, repository, resticSnapshotId, layers },
    secrets,
  });
  told('swap');
  const swap = { volumeId, template, carryIdentity: false, oldAt: '/old' as const, stopTimeoutMs: 20_000 };
  await agent.act('container.swap', { containerId, args: swap });
  await agent.act('volume.create', { containerId, args: { volumeId: uuidv7() } });
  await agent.act('container.restart', { containerId, args: stop });
  void agent.exec(containerId, ['sleep', '600'], { timeoutMs: 100_000 }).catch(() => undefined);
  told('alive');
  return { containerId, tenantId, resticSnapshotId };
}

/** Images in the agent's pool. */
export function imagesOf(agent: TestAgent): { volumes: string[]; snapshots: string[] } {
  const list = (name: string) => {
    const path = join(agent.config.poolPath, name);
    return existsSync(path) ? readdirSync(path).filter((file) => !file.startsWith('.')) : [];
  };
  return { volumes: list('volumes'), snapshots: list('snapshots') };
}
