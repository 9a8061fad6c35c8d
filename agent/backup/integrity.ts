import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import { type Finding, toldMissing } from '#lib/contract/integrity.ts';
import type { CheckOrder, CheckReport, Progress, Repository } from '../adapters.ts';
import { makeDirectory, remove } from '../sys/files.ts';
import {
  checkAllArguments,
  checkPartArguments,
  checkStructureArguments,
  type Damage,
  findArguments,
  parseDamage,
  parsePlaces,
} from './integrity-plan.ts';
import type { createQueues } from './queue.ts';
import type { Call, Vault } from './vault.ts';

type Opened = { vault: Vault; call: Call; queue: ReturnType<ReturnType<typeof createQueues>> };
type Needs = {
  open(repository: Repository): Promise<Opened>;
  storeLayer(repository: Repository, digest: string, file: string, progress: Progress): Promise<void>;
  /** A directory of the agent's own for what restic puts beside while it mends. */
  working: string;
};

/** One check under way: what it works on, and what it has found. */
type Check = Opened & { order: CheckOrder; signal: AbortSignal; progress: Progress; found: Finding[]; working: string };

const someOutput = 16 * 1024 * 1024;

/**
 * {@link Backups.check}: small files by their names, which are the hashes of their content; then a part of the data, by restic; then, if
 * anything was found, what is lost of which snapshot. What restic finds without a lock is looked at again with one, alone on the
 * repository, before anything is changed: another host may have been pruning.
 */
export function createIntegrity({ open, storeLayer, working }: Needs) {
  return async (
    repository: Repository,
    order: CheckOrder,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<CheckReport> => {
    const opened = await open(repository);
    const { vault, queue } = opened;
    if (!(await vault.exists()))
      throw new BerthError('action_failed', "The backup location has lost the tenant's repository.");
    const check: Check = { ...opened, order, signal, progress, found: [], working };
    const { found } = check;
    const ids = order.snapshots.map((one) => one.resticSnapshotId);

    progress('Looking at the repository’s own files', null);
    found.push(...(await mendOpening(vault)));
    const locked = found.some(({ what, healed }) => healed === 'no' && (what === 'key' || what === 'config'));
    if (locked) return report(check, ids.map(lost), []);
    const snapshots = await mendRecords(vault, ids, order.others);
    found.push(...snapshots);

    const layers = await mendLayers(check, repository, storeLayer);
    progress('Reading a part of the data back', null);
    const first = await queue.shared(() => look(check, true));
    const unhealed = snapshots.filter((one) => one.healed === 'no').map((one) => one.name);
    const readable = ids.filter((id) => !unhealed.includes(id));
    const damaged = first.ok ? [] : await mendAndJudge(check, readable);
    return report(check, [...unhealed.map(lost), ...damaged], layers);
  };
}

/** What a repository cannot be opened without. On a server elsewhere it is put back all the same, but not told of. */
async function mendOpening({ own, keepKeys, removeDamagedLocks }: Vault): Promise<Finding[]> {
  if (own === null) {
    await keepKeys();
    return await removeDamagedLocks();
  }
  const sum: Finding[] = (await own.settleSum()) ? [{ what: 'copy', name: 'config', healed: 'yes' }] : [];
  return [...sum, ...(await own.mendKeys()), ...(await removeDamagedLocks())];
}

/** The records of snapshots. Of a server elsewhere only that one is not there. */
async function mendRecords(vault: Vault, ids: readonly string[], others: readonly string[]): Promise<Finding[]> {
  if (vault.own !== null) {
    const found = await vault.own.mendSnapshots(ids);
    await vault.own.dropOtherCopies([...ids, ...others]);
    return found;
  }
  const found: Finding[] = [];
  for (const name of ids) if (!(await vault.mayHave(name))) found.push({ what: 'snapshot', name, healed: 'no' });
  return found;
}

const lost = (resticSnapshotId: string) => ({ resticSnapshotId, missing: ['/'] });

function report({ found }: Check, damaged: CheckReport['damaged'], layersLost: string[]): CheckReport {
  return { found, damaged, layersLost };
}

/** Those of this part of the round, by the same rule as the data: each comes once in it. */
async function mendLayers(check: Check, repository: Repository, storeLayer: Needs['storeLayer']): Promise<string[]> {
  const { order, found, progress, signal } = check;
  const beyond: string[] = [];
  for (const { digest, file, always } of order.layers) {
    const hex = digest.replace('sha256:', '');
    if (!always && Number.parseInt(hex.slice(0, 2), 16) % order.part.of !== order.part.n - 1) continue;
    signal.throwIfAborted();
    progress('Reading the template layers back', null);
    if (await check.vault.layerIsWhole(digest)) continue;
    const healed =
      file !== null &&
      (await storeLayer(repository, digest, file, progress).then(
        () => true,
        () => false,
      ));
    found.push({ what: 'layer', name: hex, healed: healed ? 'yes' : 'no' });
    if (!healed) beyond.push(digest);
  }
  return beyond;
}

/** restic's word on this part of the data, and on all data of the snapshots in doubt. */
async function look(check: Check, beside: boolean): Promise<{ ok: boolean; damage: Damage }> {
  const { call, order, signal } = check;
  const options = { signal, okCodes: [0, 1], maxBytes: someOutput };
  const lock = beside ? ['--no-lock'] : [];
  const runs = [await call('BACKUP:CHECK-PART', [...checkPartArguments(order.part), ...lock], options)];
  const doubtful = order.snapshots.filter((one) => one.readAll).map((one) => one.resticSnapshotId);
  const there: string[] = [];
  for (const id of doubtful) if (await check.vault.mayHave(id)) there.push(id);
  if (there.length > 0) runs.push(await call('BACKUP:CHECK-ALL', checkAllArguments(there), options));
  const damage = parseDamage(runs.map(({ stdout, stderr }) => `${stdout}\n${stderr}`).join('\n'));
  return { ok: runs.every(({ code }) => code === 0), damage };
}

/** Alone on the repository: confirms, takes out what is damaged, and says what which snapshot lacks. */
async function mendAndJudge(check: Check, ids: readonly string[]): Promise<CheckReport['damaged']> {
  const { queue, found, progress, vault } = check;
  return await queue.exclusive(async () => {
    progress('Something is damaged: looking again, alone', null);
    const { ok, damage } = await look(check, !vault.canDelete);
    if (ok) return [];
    if (Object.values(damage).every((names) => names.length === 0))
      throw new BerthError('action_failed', 'The backup location cannot be read.');
    for (const name of damage.indexes) found.push({ what: 'index', name, healed: 'yes' });
    for (const name of [...damage.packs, ...damage.lost]) found.push({ what: 'pack', name, healed: 'next-backup' });
    progress('Taking out what is damaged', null);
    if (vault.canDelete) await mend(check, damage);
    // Whatever could not be taken out still counts as there: what lies in it is looked for by its name.
    const after = await look(check, !vault.canDelete);
    const stayed = [...after.damage.packs, ...after.damage.lost];
    const settled = (one: Finding): Finding => {
      if (one.what === 'pack' && stayed.includes(one.name)) return { ...one, healed: 'no' };
      if (one.what === 'index' && after.damage.indexes.includes(one.name)) return { ...one, healed: 'no' };
      return one;
    };
    found.splice(0, found.length, ...found.map(settled));
    if (after.ok) {
      // Nothing was lost: what was damaged held nothing of its own, or all of it could be saved.
      found.splice(
        0,
        found.length,
        ...found.map((one) => (one.what === 'pack' ? { ...one, healed: 'yes' as const } : one)),
      );
      return [];
    }
    progress('Finding out which backups are touched', null);
    return await judge(check, ids, stayed);
  });
}

/** restic's own ways: an index is made anew from the packs, of a pack what can be read is stored again. */
async function mend(check: Check, damage: Damage): Promise<void> {
  const { call, signal } = check;
  const options = { signal, okCodes: [0, 1], maxBytes: someOutput };
  if (damage.indexes.length > 0 || damage.lost.length > 0)
    await call('BACKUP:REPAIR-INDEX', ['repair', 'index'], options);
  if (damage.packs.length === 0) return;
  // It leaves a copy of each where it stands, and refuses where there is one.
  const cwd = join(check.working, 'mending');
  remove('BACKUP:CLEAR-MENDING', cwd);
  makeDirectory('BACKUP:MKDIR', cwd);
  try {
    await call('BACKUP:REPAIR-PACKS', ['repair', 'packs', '--', ...damage.packs], { ...options, cwd });
  } finally {
    remove('BACKUP:CLEAR-MENDING', cwd);
  }
}

/** Which of these snapshots lack something, and the names of it. */
async function judge(check: Check, ids: readonly string[], stayed: readonly string[]): Promise<CheckReport['damaged']> {
  const { call, signal } = check;
  const options = { signal, okCodes: [0, 1], maxBytes: someOutput };
  const inStayed =
    stayed.length === 0
      ? []
      : parsePlaces((await call('BACKUP:FIND-LOST', findArguments('pack', stayed), options)).stdout);
  const damaged: CheckReport['damaged'] = [];
  for (const id of ids) {
    signal.throwIfAborted();
    const { code, stdout, stderr } = await call('BACKUP:CHECK-ONE', checkStructureArguments([id]), options);
    const names = inStayed.filter((place) => place.snapshotId === id).map((place) => place.path);
    if (code === 0 && names.length === 0) continue;
    const { blobs, trees } = parseDamage(`${stdout}\n${stderr}`);
    for (const [what, lacking] of [['blob', blobs] as const, ['tree', trees] as const]) {
      if (lacking.length === 0) continue;
      const some = lacking.slice(0, toldMissing * 2);
      const answer = await call('BACKUP:FIND-LOST', findArguments(what, some, id), options);
      names.push(...parsePlaces(answer.stdout).map((place) => place.path));
    }
    const missing = [...new Set(names)].sort().slice(0, toldMissing);
    if (code !== 0 || missing.length > 0)
      damaged.push({ resticSnapshotId: id, missing: missing.length > 0 ? missing : ['/'] });
  }
  return damaged;
}
