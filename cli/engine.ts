import { join } from 'node:path';
import { repoDir } from '#server/setup/context.ts';
import { defaultEngineCache } from '#server/setup/engine.ts';
import { resolveLatest } from '#server/setup/engine-packages.ts';
import { writeFileDurably } from '#server/setup/files.ts';

export async function lock(): Promise<void> {
  const made = await resolveLatest(join(defaultEngineCache(), 'debs'));
  await writeFileDurably(join(repoDir, 'engine.lock.json'), `${JSON.stringify(made, null, 2)}\n`, { mode: 0o644 });
  console.log(`engine.lock.json names ${made.packages.length} packages of ${made.suite}.`);
}
