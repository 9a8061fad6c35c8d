import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { mountsBelow } from './pool.ts';
import { tryRun } from './run.ts';

/** Everything of one installation that the kernel holds, outside of files. */
export type HostObjects = {
  processes: { pid: number; program: string }[];
  mounts: string[];
  loops: string[];
  interfaces: string[];
  nftTables: { family: string; name: string }[];
  cgroups: string[];
};

const programs = new Set([
  'conmon',
  'dnsmasq',
  'runc',
  'criu',
  'restic',
  'postgres',
  'node',
  'MainThread',
  'mmdebstrap',
  'mkfs.erofs',
  'lxcfs',
]);

/** Processes of ours: a known program with a path below the state directory among its arguments. */
function processesOf(stateDir: string): HostObjects['processes'] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const argv = readFileSync(join('/proc', name, 'cmdline'), 'utf8').split('\0');
        const program = basename(readlinkSync(join('/proc', name, 'exe')).replace(/ \(deleted\)$/, ''));
        const ours = argv.some((word) => word === stateDir || word.includes(`${stateDir}/`));
        return ours && programs.has(program) ? [{ pid: Number(name), program }] : [];
      } catch {
        // It ended while we looked, or is a thread of the kernel.
        return [];
      }
    });
}

const Loops = z.object({ loopdevices: z.array(z.object({ name: z.string(), 'back-file': z.string().nullable() })) });

async function loopsBelow(directory: string): Promise<string[]> {
  const { stdout } = await tryRun('losetup', ['--list', '--json', '--output', 'NAME,BACK-FILE']);
  if (stdout.trim() === '') return [];
  return Loops.parse(JSON.parse(stdout))
    .loopdevices.filter((loop) => loop['back-file']?.startsWith(`${directory}/`))
    .map((loop) => loop.name);
}

async function tablesOf(instance: string): Promise<HostObjects['nftTables']> {
  const { stdout } = await tryRun('nft', ['list', 'tables']);
  return [...stdout.matchAll(/^table (\S+) (\S+)$/gm)]
    .map(([, family = '', name = '']) => ({ family, name }))
    .filter(({ name }) => name === `berth_${instance}`);
}

function cgroupsOf(instance: string): string[] {
  const root = '/sys/fs/cgroup';
  const hierarchies = [
    root,
    ...readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(root, entry.name)] : [],
    ),
  ];
  return hierarchies.map((hierarchy) => join(hierarchy, `berth-${instance}`)).filter((path) => existsSync(path));
}

function interfacesOf(instance: string): string[] {
  const bridge = `berth-${instance}`;
  if (!existsSync(join('/sys/class/net', bridge))) return [];
  const ports = join('/sys/class/net', bridge, 'brif');
  return [...(existsSync(ports) ? readdirSync(ports) : []), bridge];
}

/** What of an installation is on this host now. */
export async function hostObjects(stateDir: string, instance: string): Promise<HostObjects> {
  return {
    processes: processesOf(stateDir),
    mounts: await mountsBelow(stateDir),
    loops: await loopsBelow(stateDir),
    interfaces: interfacesOf(instance),
    nftTables: await tablesOf(instance),
    cgroups: cgroupsOf(instance),
  };
}

/** One line an object, for people and for tests; empty when nothing is there. */
export function describeObjects(objects: HostObjects): string[] {
  return [
    ...objects.processes.map(({ pid, program }) => `process ${pid} (${program})`),
    ...objects.mounts.map((path) => `mount ${path}`),
    ...objects.loops.map((name) => `loop device ${name}`),
    ...objects.interfaces.map((name) => `network interface ${name}`),
    ...objects.nftTables.map(({ family, name }) => `nft table ${family} ${name}`),
    ...objects.cgroups.map((path) => `control group ${path}`),
  ];
}
