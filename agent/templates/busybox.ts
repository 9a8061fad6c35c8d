import { existsSync, readFileSync } from 'node:fs';
import { run } from '#agent/sys/process.ts';
import { type TreeEntry, writeTree } from '#agent/sys/tree.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { TemplateDefinition } from './definition.ts';
import { appletLinks, isStatic } from './plan.ts';

const busybox = '/bin/busybox';

/** Lays out a system of the host's own static busybox, all its applets and `files`. */
export async function layBusybox(
  base: Extract<TemplateDefinition['base'], { kind: 'busybox' }>,
  files: readonly TreeEntry[],
  root: string,
): Promise<void> {
  if (!existsSync(busybox) || !isStatic(readFileSync(busybox))) {
    throw new BerthError('state', `The package ${base.package} is not installed on the host.`, {
      remedy: `Install it: apt-get install ${base.package}`,
    });
  }
  const applets = await run('TEMPLATE:APPLETS', [busybox, '--list-full']);
  const tree: TreeEntry[] = [
    { path: 'bin', kind: 'directory' },
    { path: 'bin/busybox', kind: 'copy', from: busybox, mode: 0o755 },
    ...appletLinks(applets.stdout),
    // `su` and `passwd` need root's rights; their applets drop them for everything else
    { path: 'bin/busybox-suid', kind: 'copy', from: busybox, mode: 0o4755 },
    ...['bin/su', 'usr/bin/passwd'].map((path): TreeEntry => ({ path, kind: 'link', target: '/bin/busybox-suid' })),
    ...files,
  ];
  writeTree('TEMPLATE:TREE', root, tree);
}
