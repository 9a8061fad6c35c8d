import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { tryRun } from './run.ts';

export type Finding = { name: string; ok: boolean; found: string; remedy?: string };

/** File systems and cgroup hierarchies the kernel offers, network set-up by rules, and namespaces: what nothing replaces. */
export async function inspectHost(): Promise<Finding[]> {
  const filesystems = await readFile('/proc/filesystems', 'utf8');
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const finding = (name: string, ok: boolean, found: string, remedy: string): Finding => ({
    name,
    ok,
    found,
    ...(ok ? {} : { remedy }),
  });
  const findings = [
    finding(
      'kernel',
      major > 6 || (major === 6 && minor >= 1),
      release(),
      'Linux 6.1 or newer is needed (Debian 12 has it): idmapped overlay mounts.',
    ),
    cgroups(mounts),
  ];
  for (const type of ['overlay', 'erofs', 'xfs', 'ext4']) {
    // A module that is not loaded yet is not listed; modprobe loads it, and fails where there are no modules.
    if (!new RegExp(`\\t${type}$`, 'm').test(filesystems))
      await tryRun('modprobe', ['--', type]).catch(() => undefined);
    const there = new RegExp(`\\t${type}$`, 'm').test(await readFile('/proc/filesystems', 'utf8'));
    findings.push(finding(`file system ${type}`, there, there ? 'there' : 'missing', `The kernel lacks ${type}.`));
  }
  const nft = await tryRun('nft', ['--check', 'add', 'table', 'inet', 'berth_probe']).catch(() => undefined);
  findings.push(
    finding(
      'nftables',
      nft?.code === 0,
      nft?.code === 0 ? 'works' : 'fails',
      'The kernel must have nf_tables (family inet).',
    ),
  );
  for (const name of ['user', 'pid', 'net', 'cgroup']) {
    const there = existsSync(`/proc/self/ns/${name}`);
    findings.push(
      finding(`namespace ${name}`, there, there ? 'there' : 'missing', `The kernel lacks ${name} namespaces.`),
    );
  }
  const loop = existsSync('/dev/loop-control');
  findings.push(finding('loop devices', loop, loop ? 'there' : 'missing', 'The kernel must have loop devices.'));
  return findings;
}

function cgroups(mounts: string): Finding {
  const v2 = / \/sys\/fs\/cgroup [^\n]* - cgroup2 /.test(mounts);
  const v1 = ['cpu', 'memory', 'pids'].every((name) => new RegExp(` - cgroup [^\\n]*\\b${name}\\b`).test(mounts));
  const found = v2 ? 'v2' : v1 ? 'v1' : 'none usable';
  return {
    name: 'cgroups',
    ok: v1 || v2,
    found,
    ...(v1 || v2 ? {} : { remedy: 'Mount cgroup v2 at /sys/fs/cgroup, or v1 with cpu, memory and pids.' }),
  };
}

/** Throws one sentence a fault when this machine cannot run containers. */
export async function refuseUnfitHost(): Promise<void> {
  const faults = (await inspectHost()).filter((finding) => !finding.ok);
  if (faults.length > 0)
    throw new Error(faults.map((fault) => `${fault.name}: ${fault.found}. ${fault.remedy}`).join('\n'));
}
