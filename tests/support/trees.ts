/** Checkouts beside this one, for upgrades: copies with something planted. Nothing is fetched. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoDir } from '#server/setup/context.ts';

/** A copy of a checkout with its packages and builds (hard links: cheap, and never written through). */
export function copyTree(target: string, from = repoDir): string {
  mkdirSync(target, { mode: 0o755 });
  const files = execFileSync('git', ['-C', repoDir, 'ls-files', '-z', '-co', '--exclude-standard'])
    .toString()
    .split('\0');
  const there = files.filter((file) => file !== '' && existsSync(join(from, file)));
  execFileSync('tar', ['-C', target, '-xf', '-'], {
    input: execFileSync('tar', ['-C', from, '-cf', '-', '--null', '-T', '-'], {
      input: there.join('\0'),
      maxBuffer: 1 << 30,
    }),
  });
  for (const name of ['node_modules', '.next']) {
    if (existsSync(join(from, name))) execFileSync('cp', ['-al', join(from, name), join(target, name)]);
  }
  chmodSync(target, 0o755);
  return target;
}

/** Changes a file of a copied tree; throws when there is nothing to change, for then nothing would be tested. */
export function plant(tree: string, file: string, change: (text: string) => string): void {
  const path = join(tree, file);
  const text = readFileSync(path, 'utf8');
  const planted = change(text);
  if (planted === text) throw new Error(`nothing was planted in ${file}`);
  writeFileSync(path, planted);
}

export const plantVersion = (tree: string, version: string) =>
  plant(tree, 'package.json', (text) => text.replace(/"version": "[^"]+"/, `"version": "${version}"`));

export function plantMigration(tree: string, tag: string, sql: string): void {
  writeFileSync(join(tree, 'drizzle', `${tag}.sql`), sql);
  plant(tree, 'drizzle/meta/_journal.json', (text) => {
    const journal = JSON.parse(text) as { entries: Record<string, unknown>[] };
    const last = journal.entries.at(-1);
    const when = Math.max(Date.now(), Number(last?.when) + 1);
    journal.entries.push({ ...last, idx: journal.entries.length, when, tag });
    return JSON.stringify(journal, null, 2);
  });
}
