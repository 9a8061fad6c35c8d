import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SetupContext } from '../setup/context.ts';
import { BadBackup, type Manifest, openArchive } from './archive.ts';
import { countRows, loadDatabase, withScratchDatabase } from './database.ts';
import { writeRecord } from './record.ts';

const needed = ['config.json', 'database.dump', 'secrets/master.json', 'secrets/worker/ca.key', 'pki/ca.crt'];

/**
 * Proves that a backup brings the panel back: opens it with the recovery key, compares every file with the manifest, and loads
 * the database into a cluster of its own, which goes away again. Touches nothing of the installation. Throws
 * {@link BadBackup}. `context`: the installation whose `doctor` is to know of it.
 */
export async function verifyBackup(file: string, identity: string, context?: SetupContext): Promise<Manifest> {
  const { directory, manifest } = await openArchive(file, identity, tmpdir());
  try {
    for (const path of [...needed, 'secrets/web/grant.key', 'secrets/worker/grant.key']) {
      if (!(path in manifest.files)) throw new BadBackup(`The backup lacks ${path}.`);
    }
    await withScratchDatabase(async (bin, owner) => {
      await loadDatabase(bin, owner, join(directory, 'database.dump'));
      const rows = await countRows(owner);
      for (const [table, expected] of Object.entries(manifest.rows)) {
        const found = rows[table];
        if (found !== expected) {
          throw new BadBackup(`The table ${table} comes back with ${found ?? 'no'} of ${expected} rows.`);
        }
      }
    });
    if (context !== undefined) await writeRecord(context, { verified: { at: new Date().toISOString(), file } });
    return manifest;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
