/**
 * What goes wrong with a backup location and with restic itself, at each of restic's runs within an action. The agent's engine has a
 * script in restic's place, which lets one of its runs come to grief and passes the others on.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { TestAgent } from '../../support/agent.ts';
import { engineDir } from '../../support/engine.ts';
import type { Beside, Failure } from './failing.ts';

/**
 * killed: before it begins, while it holds its lock (or, without one, soon after its start), and when it has done all and not said so ·
 * gone: the location is not there · full: no byte is left at it · stale: another process has died holding the repository for itself
 */
export const harms = ['killed before', 'killed within', 'killed after', 'gone', 'full', 'stale'] as const;
export type Harm = (typeof harms)[number];

const script = (real: string, control: string) => `#!/bin/sh
C=${control}; R=${real}
# always: restic --no-cache --repo REPOSITORY --password-file FILE [--key-hint KEY] COMMAND …
repository=$3
n=$(($(cat "$C/count" 2>/dev/null || echo 0) + 1))
echo $n > "$C/count"
command=$6; [ "$command" != --key-hint ] || command=$8
[ -r "$C/armed" ] || { echo "$command" >> "$C/runs"; exec "$R" "$@"; }
{ read at; read harm; read location; } < "$C/armed"
[ "$at" = "$n" ] || exec "$R" "$@"
locked() { ls "$repository/locks" 2>/dev/null | grep -qE '^[0-9a-f]{64}$'; }
hold() { # runs a restic until it has its lock, or for half a second
  "$R" "$@" <&3 & pid=$!
  i=0
  while [ $i -lt 50 ] && ! locked && kill -0 $pid 2>/dev/null; do sleep 0.01; i=$((i+1)); done
  kill -9 $pid 2>/dev/null
  wait $pid
}
exec 3<&0
echo "$harm" > "$C/met"
case "$harm" in
  'killed before') kill -9 $$ ;;
  'killed within') hold "$@"; kill -9 $$ ;;
  'killed after') "$R" "$@" <&3; kill -9 $$ ;;
  gone) mv "$location" "$location.gone"; exec "$R" "$@" <&3 ;;
  full) dd if=/dev/zero of="$location/filler" bs=4096 2>/dev/null; exec "$R" "$@" <&3 ;;
  stale) hold "$1" "$2" "$3" "$4" "$5" prune > /dev/null 2>&1; exec "$R" "$@" <&3 ;;
esac
`;

/** An engine whose restic can be made to fail. Made before its agent is. */
export function frailEngine(directory: string) {
  const [engine, control] = [join(directory, 'engine'), join(directory, 'control')];
  mkdirSync(join(engine, 'bin'), { recursive: true });
  mkdirSync(control);
  for (const name of readdirSync(engineDir)) if (name !== 'bin') symlinkSync(join(engineDir, name), join(engine, name));
  for (const name of readdirSync(join(engineDir, 'bin')))
    if (name !== 'restic') symlinkSync(join(engineDir, 'bin', name), join(engine, 'bin', name));
  const real = join(engineDir, 'bin/restic');
  writeFileSync(join(engine, 'bin/restic'), script(real, control));
  chmodSync(join(engine, 'bin/restic'), 0o755);
  const at = (name: string) => join(control, name);

  return {
    engine,
    /** From here on runs count. */
    watch(): void {
      for (const name of ['count', 'runs', 'armed', 'met']) rmSync(at(name), { force: true });
    },
    /** What restic was asked to do since {@link watch}. */
    runs: () => (existsSync(at('runs')) ? readFileSync(at('runs'), 'utf8').trim().split('\n') : []),
    /** The `nth` run of an order comes to grief. */
    failure(nth: number, harm: Harm, location: string): Failure {
      return {
        arm: () => {
          this.watch();
          writeFileSync(at('armed'), `${nth}\n${harm}\n${location}\n`);
        },
        disarm: () => {
          rmSync(at('armed'), { force: true });
          if (existsSync(`${location}.gone`)) {
            rmSync(location, { recursive: true, force: true }); // an agent may have begun anew there; it must not have
            renameSync(`${location}.gone`, location);
          }
          rmSync(join(location, 'filler'), { force: true });
        },
        met: () => existsSync(at('met')),
      };
    },
  };
}

/** A repository and how it is opened, as orders name it. */
export type Stored =
  ReturnType<TestAgent['repository']> extends { args: infer R; secrets: infer S }
    ? { repository: R; secrets: S }
    : never;

/** After each round: the repository can be used by one alone, which clears locks of the dead away, and restic finds it whole. */
export function wholeRepository<X>(agent: TestAgent, stored: (x: X) => Stored): Beside<X> {
  return {
    ignore: /restic lock/,
    async whole(x) {
      const { repository, secrets } = stored(x);
      const args = { repository, resticSnapshotId: null, backupId: uuidv7() };
      await agent.act('backup.delete', { args, secrets });
      const directory = join(repository.location.path, 'tenants', repository.tenantId);
      execFileSync(join(engineDir, 'bin/restic'), ['--no-cache', '--repo', directory, 'check'], {
        env: { ...process.env, RESTIC_PASSWORD: secrets.repositoryPassword },
        stdio: 'pipe',
      });
      const left = readdirSync(join(directory, 'locks'));
      if (left.length > 0) throw new Error(`${left.length} locks are left in the repository`);
    },
  };
}
