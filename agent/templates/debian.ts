import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Progress } from '#agent/adapters.ts';
import { remove } from '#agent/sys/files.ts';
import { run } from '#agent/sys/process.ts';
import { type TreeEntry, writeTree } from '#agent/sys/tree.ts';
import { sourceDateEpoch, type TemplateDefinition } from './definition.ts';
import { mmdebstrapArgv, namesDebianSuite, stripMatches } from './plan.ts';

type DebianBase = Extract<TemplateDefinition['base'], { kind: 'debian' }>;

const buildTimeoutMs = 1_800_000;

/** What the hooks of mmdebstrapArgv print, and what it means to whoever waits. */
const phases: Record<string, [string, number]> = {
  'phase:essential': ['Installing the base system', 35],
  'phase:packages': ['Packages installed', 80],
};

/**
 * Installs Debian into `root` with mmdebstrap, from the mirror and with the keyring the host itself uses (apt checks the
 * signatures). Same packages, same tree: nothing of when and where it was built stays.
 */
export async function layDebian(
  base: DebianBase,
  files: readonly TreeEntry[],
  root: string,
  progress: Progress,
): Promise<void> {
  progress('Downloading packages', 5);
  await run('TEMPLATE:DEBIAN', mmdebstrapArgv(base, root, hostSources(base.suite)), {
    env: { SOURCE_DATE_EPOCH: String(sourceDateEpoch), DEBIAN_FRONTEND: 'noninteractive', TMPDIR: dirname(root) },
    timeoutMs: buildTimeoutMs,
    // What it mounts below `root` is seen by itself alone; that, and all that it has started, goes with it however it ends.
    alone: true,
    onLine: (line) => {
      const phase = phases[line.trim()];
      if (phase !== undefined) progress(...phase);
    },
  });
  progress('Cleaning up', 85);
  for (const pattern of base.strip) {
    const folder = pattern.slice(0, Math.max(0, pattern.lastIndexOf('/')));
    if (!existsSync(`${root}/${folder}`)) continue;
    for (const name of stripMatches(pattern, readdirSync(`${root}/${folder}`))) {
      remove('TEMPLATE:STRIP', `${root}/${folder}/${name}`);
    }
  }
  writeTree('TEMPLATE:TREE', root, files);
  await run('TEMPLATE:MASK', ['systemctl', `--root=${root}`, 'mask', '--quiet', '--', ...base.mask]);
  await run('TEMPLATE:ENABLE', ['systemctl', `--root=${root}`, 'enable', '--quiet', '--', ...base.enable]);
}

/** The host's own entries for this suite, so that its mirror and proxy count here too. */
function hostSources(suite: string): string[] {
  const folder = '/etc/apt/sources.list.d';
  const candidates = ['/etc/apt/sources.list'];
  if (existsSync(folder))
    candidates.push(
      ...readdirSync(folder)
        .sort()
        .map((name) => `${folder}/${name}`),
    );
  return candidates.filter(
    (path) => /\.(list|sources)$/.test(path) && existsSync(path) && namesDebianSuite(readFileSync(path, 'utf8'), suite),
  );
}
