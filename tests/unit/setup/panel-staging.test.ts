import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, it } from 'vitest';
import { openArchive, writeArchive } from '#server/panel/archive.ts';
import { stagingDirectory } from '#server/panel/staging.ts';

it('what a killed backup had put together in plain goes with the next, what another makes meanwhile stays', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'berth-staging-'));
  try {
    const { pid: dead } = spawnSync('true');
    for (const name of [`panel-${dead}-abc123`, `.panel-${dead}-abc123`, 'panel-backups']) {
      mkdirSync(join(parent, name));
      writeFileSync(join(parent, name, 'master.json'), '{}');
    }
    const beside = await stagingDirectory(parent, 'panel-');
    const made = await stagingDirectory(parent, '.panel-');
    expect(readdirSync(parent).sort()).toEqual([basename(made), 'panel-backups', basename(beside)].sort());
    expect(statSync(made).mode & 0o777).toBe(0o700);

    // A whole one still opens; only the directory it is opened into is left for whoever asked.
    const identity = await generateIdentity();
    const about = { createdAt: new Date().toISOString(), name: 'one', version: '1', postgres: '15', stateDir: parent };
    writeFileSync(join(beside, 'config.json'), '{}');
    const file = join(parent, 'one.tar.age');
    await writeArchive(beside, file, await identityToRecipient(identity), { ...about, rows: {} });
    const { directory } = await openArchive(file, identity, parent);
    expect(readdirSync(directory).sort()).toEqual(['config.json', 'manifest.json']);
  } finally {
    rmSync(parent, { recursive: true });
  }
});
