import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRelease, thisTree, writeRelease } from '#server/setup/release.ts';
import { versionWords } from '#server/setup/versions.ts';

it('a checkout says its version, and its own commit where it is a repository', async ({ skip }) => {
  skip(spawnSync('git', ['--version']).error !== undefined, 'git is not installed');
  await using temporary = await mkdtempDisposable(join(tmpdir(), 'berth-version-'));
  const outer = temporary.path;
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', outer, '-c', 'user.name=test', '-c', 'user.email=test@example.org', ...args], {
      encoding: 'utf8',
    }).trim();
  const inner = join(outer, 'unpacked');
  mkdirSync(inner);
  for (const directory of [outer, inner]) writeFileSync(join(directory, 'package.json'), '{"version":"3.2.1"}');
  expect(versionWords(await thisTree({ repoDir: outer }))).toBe('3.2.1');
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  const head = git('rev-parse', 'HEAD');
  expect(versionWords(await thisTree({ repoDir: outer }))).toBe(`3.2.1 (commit ${head.slice(0, 12)})`);
  // The commit of what it lies in is not its own.
  const unpacked = await thisTree({ repoDir: inner });
  expect(versionWords(unpacked)).toBe('3.2.1');

  const stateDir = join(outer, 'state');
  mkdirSync(stateDir);
  for (const tree of [unpacked, await thisTree({ repoDir: outer })]) {
    await writeRelease(stateDir, tree);
    expect(readRelease(stateDir)).toEqual(tree);
  }
});
