/** Pure part of templates. */
import type { TreeEntry } from '#agent/sys/tree.ts';
import type { Digest } from '#lib/contract/ids.ts';

/** Same content, same version; another content, another one. */
export function templateVersion(release: string, digest: Digest): string {
  return `${release}+${digest.slice('sha256:'.length, 'sha256:'.length + 8)}`;
}

/** Links for busybox's applets as `busybox --list-full` names them: one file, many names, in a fixed order. */
export function appletLinks(listFull: string): TreeEntry[] {
  const paths = listFull
    .split('\n')
    .map((line) => line.trim().replace(/^\/+/, ''))
    .filter((path) => path !== '' && !['bin/busybox', 'linuxrc'].includes(path) && !path.split('/').includes('..'));
  const unique = [...new Set(['sbin/init', ...paths])].sort();
  const folders = [...new Set(unique.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))]
    .filter(Boolean)
    .sort();
  return [
    ...folders.map((path): TreeEntry => ({ path, kind: 'directory' })),
    ...unique.map((path): TreeEntry => ({ path, kind: 'link', target: '/bin/busybox' })),
  ];
}

/** Whether an ELF image needs no interpreter, so that it runs in an otherwise empty root (ELF64 program header PT_INTERP = 3). */
export function isStatic(elf: Buffer): boolean {
  if (elf.length < 64 || elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2) return false;
  const offset = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  const count = elf.readUInt16LE(56);
  for (let i = 0; i < count; i += 1) {
    const at = offset + i * size;
    if (at + 4 > elf.length || elf.readUInt32LE(at) === 3) return false;
  }
  return true;
}

/** Names in a directory that the last part of `pattern` (with at most one `*`) means. */
export function stripMatches(pattern: string, names: readonly string[]): string[] {
  const last = pattern.slice(pattern.lastIndexOf('/') + 1);
  const [head = '', tail] = last.split('*');
  if (tail === undefined) return names.filter((name) => name === last);
  return names.filter(
    (name) => name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail),
  );
}

/** Without a host entry for the suite (a host of another release), Debian's own mirror and its security archive. */
export function mmdebstrapArgv(
  base: { suite: string; packages: readonly string[] },
  root: string,
  hostSources: readonly string[],
): string[] {
  const sources =
    hostSources.length > 0
      ? hostSources
      : [
          `deb http://deb.debian.org/debian ${base.suite} main`,
          `deb http://deb.debian.org/debian ${base.suite}-updates main`,
          `deb http://security.debian.org/debian-security ${base.suite}-security main`,
        ];
  return [
    ...['mmdebstrap', '--mode=root', '--variant=minbase', '--format=directory', `--include=${base.packages.join(',')}`],
    ...['--aptopt=APT::Install-Recommends "false"', '--aptopt=Acquire::Languages "none"'],
    ...['--dpkgopt=path-exclude=/usr/share/doc/*', '--dpkgopt=path-include=/usr/share/doc/*/copyright'],
    ...['--dpkgopt=path-exclude=/usr/share/man/*', '--dpkgopt=path-exclude=/usr/share/locale/*/LC_MESSAGES/*'],
    ...['--extract-hook=echo phase:essential', '--customize-hook=echo phase:packages'],
    ...['--skip=cleanup/reproducible/machine-id', base.suite, root, ...sources],
  ];
}

/**
 * Whether an apt source file (one-line or deb822) offers Debian's own `suite`: the suite by exactly this name with component
 * main, which tells it from third parties' repositories for that release.
 */
export function namesDebianSuite(content: string, suite: string): boolean {
  const has = (list: string | undefined, word: string) => (list ?? '').split(/\s+/).includes(word);
  const field = (stanza: string, name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'mi').exec(stanza)?.[1];
  const lines = content.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const oneLine = lines.some((line) => {
    const [, where, components] = /^deb\s+(?:\[[^\]]*\]\s+)?\S+\s+(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    return where === suite && has(components, 'main');
  });
  const stanzas = lines.join('\n').split(/\n\s*\n/);
  return (
    oneLine ||
    stanzas.some(
      (stanza) =>
        has(field(stanza, 'Types'), 'deb') &&
        has(field(stanza, 'Suites'), suite) &&
        has(field(stanza, 'Components'), 'main'),
    )
  );
}
