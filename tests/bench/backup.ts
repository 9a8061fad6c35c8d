/**
 * Backups by the agent, and restores, beside restic alone on the same files with a repository of its own: the first backup, one after
 * much and one after little has changed; the whole put back, and one file.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { recoveryUser } from '#agent/backup/keys.ts';
import { resources, startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { engineDir } from '#tests/support/engine.ts';
import { type Row, row, timed } from './measure.ts';

const MiB = 1024 * 1024;
const megabytes = 64;
const target = { text: '≤ 1.3× restic', of: (one: Row) => one.baseline?.ratio ?? 99, atMost: 1.3 };

type Place = { containerId: string; volumeId: string; tenantId: string };

/** restic, as anybody would run it on the disk of the container. */
function makeAlone(agent: TestAgent, { volumeId }: Place) {
  // On the same disk as the agent's location.
  const directory = mkdtempSync(join(agent.made.directory, 'alone-'));
  const upper = join(agent.config.agentDir, 'mnt/volumes', volumeId, 'upper');
  const restic = (repository: string, ...args: string[]) =>
    execFileSync(join(engineDir, 'bin/restic'), ['--no-cache', '--repo', repository, ...args], {
      env: { ...process.env, RESTIC_PASSWORD: 'bench' },
      stdio: 'pipe',
    });
  return { directory, upper, restic };
}

/** How slow deriving the key of the repository is made on purpose: restic chooses that when it makes one, by how busy the machine is. */
function costOf(repository: string): string {
  const keys = readdirSync(join(repository, 'keys')).map((name) => {
    const key = JSON.parse(readFileSync(join(repository, 'keys', name), 'utf8')) as Record<string, unknown>;
    const { username, N, r, p } = key;
    return { username, cost: `${N} ${r} ${p}` };
  });
  return keys.find(({ username }) => username !== recoveryUser)?.cost ?? '';
}

/** A repository of restic's own that is as slow to open as ours: else the one of the two that was made in a quiet moment loses. */
function makeAsSlow(alone: ReturnType<typeof makeAlone>, ours: string): string {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const repository = join(alone.directory, `repository-${attempt}`);
    alone.restic(repository, 'init');
    if (costOf(repository) === costOf(ours)) return repository;
  }
  throw new Error('restic makes no two repositories alike: the machine is too busy to compare');
}

/** A repository and a backup in it; with a second key, as each of ours has one for recovery, and without. */
async function firstAlone(alone: ReturnType<typeof makeAlone>, round: number) {
  const another = join(alone.directory, `first-${round}`);
  const password = join(alone.directory, 'recovery');
  writeFileSync(password, 'recovery');
  const made = await timed(async () => alone.restic(another, 'init'));
  const key = await timed(async () => alone.restic(another, 'key', 'add', '--new-password-file', password));
  const copied = await timed(async () => alone.restic(another, 'backup', '--json', alone.upper));
  rmSync(another, { recursive: true });
  return { withKey: made.ms + key.ms + copied.ms, withoutKey: made.ms + copied.ms };
}

/** Times of one backup of the agent, in parts. */
async function backUp(agent: TestAgent, place: Place, tenantId: string) {
  const { containerId } = place;
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
  const { layers } = template;
  return {
    copy: taken.ms,
    all: taken.ms + uploaded.ms,
    verify: verified.ms,
    backup: { backupId, resticSnapshotId, layers },
  };
}

/** Both put back what both have: everything, one file, and one more, for which ours need not open the backup again. */
async function putBack(
  agent: TestAgent,
  place: Place,
  backup: { backupId: string; resticSnapshotId: string; layers: string[] },
  alone: ReturnType<typeof makeAlone>,
  repository: string,
) {
  const { containerId, tenantId } = place;
  const [volumeId, { args, secrets }] = [uuidv7(), agent.repository(tenantId)];
  const { backupId: _, ...rest } = backup;
  const restore = { volumeId, repository: args, ...rest };
  const whole = await timed(() => agent.act('volume.restore', { containerId, args: restore, secrets }));
  const fetch = async (path: string) => {
    await agent.sh(containerId, `rm ${path}`);
    const order = { paths: [Buffer.from(path).toString('base64')], mode: 'overwrite' as const, label: 'b' };
    return await timed(() =>
      agent.act('files.restore', { containerId, args: { ...backup, repository: args, order }, secrets }),
    );
  };
  const one = await fetch('/data/7');
  const more = await fetch('/data/8');
  await agent.act('volume.delete', { containerId, args: { volumeId } });
  const to = join(alone.directory, 'back');
  const from = `latest:${alone.upper}`;
  const theirs = await timed(async () => alone.restic(repository, 'restore', '--sparse', from, '--target', to));
  rmSync(to, { recursive: true });
  const theirOne = await timed(async () =>
    alone.restic(repository, 'restore', from, '--target', to, '--include', '/data/7'),
  );
  rmSync(to, { recursive: true });
  return { whole: whole.ms, one: one.ms, more: more.ms, wholeAlone: theirs.ms, oneAlone: theirOne.ms };
}

export async function benchBackup(say: (text: string) => void, options: { rounds: number }): Promise<Row[]> {
  const agent = await startTestAgent('real', {}, 6144);
  try {
    const big = { ...resources, diskBytes: 1024 * MiB, inodes: 65_536 };
    const place = await agent.container(await agent.template(), { resources: big });
    const { containerId, tenantId } = place;
    await agent.act('container.start', { containerId, generation: agent.nextGeneration() });
    await agent.sh(containerId, 'mkdir /data; for i in $(seq 2000); do echo $i > /data/$i; done');
    const alone = makeAlone(agent, place);
    const times: Record<string, number[]> = {};
    const note = (name: string, ms: number) => {
      times[name] = [...(times[name] ?? []), ms];
    };
    const of = (name: string) => times[name] ?? [];
    await agent.sh(containerId, `dd if=/dev/urandom of=/data/new bs=1M count=${megabytes} 2>/dev/null; sync`);
    await backUp(agent, place, tenantId);
    const { path } = agent.repository(tenantId).args.location;
    const repository = makeAsSlow(alone, join(path, 'tenants', tenantId));
    alone.restic(repository, 'backup', '--json', alone.upper);
    for (let round = 1; round <= options.rounds; round += 1) {
      say(`round ${round} of ${options.rounds}`);
      const first = await backUp(agent, place, uuidv7());
      note('first', first.all);
      const theirFirst = await firstAlone(alone, round);
      note('first alone', theirFirst.withKey);
      note('first without key alone', theirFirst.withoutKey);

      await agent.sh(containerId, `dd if=/dev/urandom of=/data/new bs=1M count=${megabytes} 2>/dev/null; sync`);
      const much = await backUp(agent, place, tenantId);
      note('much', much.all);
      note('copy', much.copy);
      note('verify', much.verify);
      note('much alone', (await timed(async () => alone.restic(repository, 'backup', '--json', alone.upper))).ms);

      await agent.sh(containerId, `echo ${round} > /data/7; sync`);
      const little = await backUp(agent, place, tenantId);
      note('little', little.all);
      note('little alone', (await timed(async () => alone.restic(repository, 'backup', '--json', alone.upper))).ms);

      const back = await putBack(agent, place, little.backup, alone, repository);
      note('whole', back.whole);
      note('whole alone', back.wholeAlone);
      note('one', back.one);
      note('one alone', back.oneAlone);
      note('more', back.more);
      note('more alone', back.oneAlone);
    }
    const beside = (name: string, what: string) =>
      row('backup', what, of(name), { baseline: { name: 'restic alone', values: of(`${name} alone`) }, target });
    const firstOne = `first of a tenant, ${megabytes} MiB and 2,000 files: repository, copy and upload`;
    return [
      beside('first', `${firstOne}; both with a key for recovery`),
      row('backup', `${firstOne}; restic without that key`, of('first'), {
        baseline: { name: 'restic alone', values: of('first without key alone') },
      }),
      beside('much', `${megabytes} MiB changed of ${megabytes}: copy and upload`),
      beside('little', 'one file of 2,000 changed: copy and upload'),
      row('backup', 'of it the instant copy', of('copy')),
      row('backup', 'verified afterwards (read back)', of('verify')),
      beside('whole', 'everything restored into a volume'),
      beside('one', 'one file put back while it runs: backup opened, compared, put in place'),
      beside('more', 'one more file of a backup that is open'),
    ];
  } finally {
    await agent.cleanUp();
  }
}
