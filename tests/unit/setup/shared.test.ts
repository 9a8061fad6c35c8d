import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { raiseLimits, restoreLimits, type Sysctl } from '#server/setup/limits.ts';
import { removeSharedFiles } from '#server/setup/shared.ts';

it('what all installations of a machine share goes with the last of them, whichever that is', async () => {
  await using made = await mkdtempDisposable(join(tmpdir(), 'berth-shared-'));
  const inside = (name: string) => join(made.path, name);
  const [cache, conf, record] = [inside('cache'), inside('berth.conf'), inside('record.json')];
  mkdirSync(join(cache, 'debs'), { recursive: true });
  writeFileSync(conf, '');
  const sysctl: Sysctl = { read: async () => undefined, write: async () => undefined };
  const installations = [inside('usual'), inside('elsewhere')];
  for (const state of installations) {
    mkdirSync(state);
    writeFileSync(join(state, 'config.json'), '{}');
    await raiseLimits(state, { sysctl, record });
  }
  const shared = () => [cache, conf].map((file) => existsSync(file));
  for (const [state, left] of [
    [installations[0], true],
    [installations[1], false],
  ] as const) {
    if (state === undefined) throw new Error('there are two');
    await restoreLimits(state, { sysctl, record });
    rmSync(state, { recursive: true });
    await removeSharedFiles(state, { record, files: [cache, conf] });
    expect(shared()).toEqual([left, left]);
  }
});
