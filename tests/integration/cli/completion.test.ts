/** Completion as people have it: in a bash, and in an interactive zsh whose Tab key is pressed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteProgram } from '#cli/reference.ts';
import { completion } from '#cli/remote/completion.ts';
import { repoDir } from '#server/setup/context.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-completion-'));
const script = (shell: 'bash' | 'zsh') => join(folder, `completion.${shell}`);
/** What is typed, and what it is completed to. */
const cases: [typed: string, words: string[]][] = [
  ['berth ct re', ['restart', 'restore', 'reinstall', 'repair', 'recover']],
  ['berth ct files g', ['get']],
  ['berth plan create --price x --res', ['--reseller', '--resources']],
  ['berth ct create x --restart-policy on', ['on-failure']],
  ['berth --x member inv', ['invite']],
  ['berth ct stop --label web --dr', ['--dry-run']],
  ['berth token cr', ['create']],
  ['berth ct stop we', ['web-1', 'web-2']],
  ['berth login --no-such-verb-or-file x', []],
];
const env = { NODE_ENV: 'test', HOME: folder, TERM: 'dumb', PATH: `${folder}:/usr/bin:/bin` } as const;

beforeAll(async () => {
  const program = await remoteProgram();
  for (const shell of ['bash', 'zsh'] as const) writeFileSync(script(shell), completion(shell, program));
  // Names of containers are asked of it.
  const names = '#!/bin/sh\n[ "$*" = "ct list --names" ] && printf "web-1\\nweb-2\\ndb-1\\n"\n';
  writeFileSync(join(folder, 'berth'), names, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wordsOf = (line: string) => line.split(' ').filter((word) => word !== '');

describe('bash', () => {
  it.each(cases)('completes "%s"', (typed, words) => {
    const typing = `COMP_WORDS=(${typed}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _berth; echo "\${COMPREPLY[*]}"`;
    const said = execFileSync('bash', ['--norc', '-c', `source ${script('bash')}; ${typing}`], {
      encoding: 'utf8',
      env,
    });
    expect(wordsOf(said.trim())).toEqual(words);
  });
});

it('an interactive zsh completes the same', ({ skip }) => {
  if (!existsSync('/usr/bin/zsh')) {
    process.stdout.write('skipped, there is no zsh here: completion in zsh\n');
    skip('there is no zsh here');
  }
  const typing = join(repoDir, 'tests/support/completion/zsh-hits.zsh');
  const args = ['-f', typing, script('zsh'), ...cases.map(([typed]) => typed)];
  const said = execFileSync('zsh', args, { encoding: 'utf8', env, timeout: 60_000 });
  const completed = said.split('\n').slice(0, -1).map(wordsOf);
  expect(completed).toEqual(cases.map(([, words]) => words));
});
