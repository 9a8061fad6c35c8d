/** What of ours the kernel holds that nobody keeps any more, by the agent's own word of what it keeps. */
import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { interfaceNameOf } from '#agent/network/addresses.ts';
import { LocalStatus, localSocketPath } from '#lib/contract/local.ts';
import type { SetupContext } from '../context.ts';
import { describeObjects, hostObjects } from '../leftovers.ts';
import { mountsBelow } from '../pool.ts';
import { run } from '../run.ts';
import { type Check, fine, verdict, wrong } from './check.ts';

type Known = LocalStatus['known'];

/** The agent on its socket; undefined when it does not answer. */
export function askAgent({ paths }: SetupContext): Promise<LocalStatus | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      { socketPath: localSocketPath(paths.agentDir), path: '/local/status', timeout: 5_000 },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve(answer.statusCode === 200 ? LocalStatus.parse(JSON.parse(text)) : undefined));
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

/** What the agent keeps; from its records when it does not run, for then nobody else has them open. */
async function known(context: SetupContext): Promise<Known | undefined> {
  const status = await askAgent(context);
  if (status !== undefined) return status.known;
  const file = join(context.paths.agentDir, 'agent.db');
  if (!existsSync(file)) return { containers: [], volumes: [], snapshots: [], interfaces: [] };
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    try {
      const ids = (table: string) =>
        database
          .prepare(`SELECT id FROM ${table}`)
          .all()
          .map((row) => String(row.id));
      const containers = ids('containers');
      return {
        containers,
        volumes: ids('volumes'),
        snapshots: ids('snapshots'),
        interfaces: containers.map(interfaceNameOf),
      };
    } finally {
      database.close();
    }
  } catch {
    return undefined; // it runs and does not answer
  }
}

export async function orphans(context: SetupContext): Promise<Check[]> {
  const kept = await known(context);
  if (kept === undefined) {
    const about = { id: 'orphans', why: 'Only the agent knows what is still needed.' };
    return [wrong(about, 'the agent runs and does not answer on its socket', 'Start it again: ./berth up')];
  }
  const objects = await hostObjects(context.stateDir, context.config.instance);
  const { agentDir } = context.paths;
  return [
    await orphanMounts(agentDir, kept),
    await orphanLoops(context, objects.loops),
    orphanInterfaces(context, objects.interfaces, kept),
    orphanGroups(objects.cgroups, kept),
    fine(
      { id: 'objects', why: 'All of them go with "down --purge".' },
      `${describeObjects(objects).length} of ours on this host`,
    ),
  ];
}

/** Mounts of volumes, roots and snapshots of nobody. Layers are shared and stay. */
async function orphanMounts(agentDir: string, kept: Known): Promise<Check> {
  const about = {
    id: 'orphan-mounts',
    why: 'They keep disks busy that nobody uses, and their space is never given back.',
  };
  const ids: Record<string, readonly string[]> = {
    volumes: kept.volumes,
    // A system that is being prepared is mounted under its volume's id.
    roots: [...kept.containers, ...kept.volumes],
    old: [...kept.containers, ...kept.volumes],
    snapshots: kept.containers,
  };
  const root = join(agentDir, 'mnt');
  const found = (await mountsBelow(root)).filter((target) => {
    const [folder = '', id = ''] = target.slice(root.length + 1).split('/');
    return ids[folder] !== undefined && id !== '' && !ids[folder].includes(id);
  });
  return verdict(
    about,
    found.map((target) => `${target} belongs to nobody`),
    'none',
    'Unmount them.',
    {
      command: found.map((target) => `umount ${target}`).join(' && '),
      async apply() {
        const still = new Set(await mountsBelow(root));
        for (const target of found) if (still.has(target)) await run('umount', ['--', target]);
      },
    },
  );
}

/** Loop devices over images of ours that nothing has mounted. */
async function orphanLoops({ paths, stateDir, config }: SetupContext, loops: readonly string[]): Promise<Check> {
  const about = { id: 'orphan-loops', why: 'A deleted image keeps its space for as long as a device holds it.' };
  const sources = new Set(readFileSync('/proc/self/mountinfo', 'utf8').match(/\/dev\/loop\d+/g) ?? []);
  const found = loops.filter((device) => !sources.has(device) && !usedElsewhere(device, paths.agentDir));
  return verdict(
    about,
    found.map((device) => `${device} is used by nobody`),
    'none',
    'Let go of them.',
    {
      command: found.map((device) => `losetup --detach ${device}`).join(' && '),
      async apply() {
        const { loops: still } = await hostObjects(stateDir, config.instance);
        for (const device of found) if (still.includes(device)) await run('losetup', ['--detach', device]);
      },
    },
  );
}

/** A running container may hold in its own mount namespace what is not mounted out here any more. */
function usedElsewhere(device: string, agentDir: string): boolean {
  const directory = join(agentDir, 'run/monitor');
  if (!existsSync(directory)) return false;
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/mountinfo`, 'utf8').includes(` ${device} `);
    } catch {
      return false;
    }
  });
}

function orphanInterfaces({ config }: SetupContext, interfaces: readonly string[], kept: Known): Check {
  const about = {
    id: 'orphan-interfaces',
    why: 'They hold an address and rules that the next container may be given.',
  };
  const found = interfaces.filter((name) => name !== `berth-${config.instance}` && !kept.interfaces.includes(name));
  return verdict(
    about,
    found.map((name) => `${name} belongs to no container`),
    'none',
    'Delete them.',
    {
      command: found.map((name) => `ip link delete ${name}`).join(' && '),
      async apply() {
        for (const name of found) {
          if (existsSync(join('/sys/class/net', name))) await run('ip', ['link', 'delete', name]);
        }
      },
    },
  );
}

/** Empty control groups of containers that are gone. One with processes in it is for a person to look at. */
function orphanGroups(roots: readonly string[], kept: Known): Check {
  const about = { id: 'orphan-groups', why: 'Processes of a container that is gone would run on, counted to nobody.' };
  const found = roots
    .flatMap((root) =>
      readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [join(root, entry.name)] : [],
      ),
    )
    .filter((path) => isContainerId(basename(path)) && !kept.containers.includes(basename(path)));
  const busy = found
    .flatMap((path) => groupsBelow(path))
    .filter((path) => readFileSync(join(path, 'cgroup.procs'), 'utf8') !== '');
  if (busy.length > 0) {
    return wrong(
      about,
      busy.map((path) => `${path} has processes of no container`).join('; '),
      'Look at what they are (cat cgroup.procs), then end them.',
    );
  }
  return verdict(
    about,
    found.map((path) => `${path} belongs to no container`),
    'none',
    'Remove them.',
    {
      command: found.map((path) => `find ${path} -depth -type d -exec rmdir {} ';'`).join(' && '),
      async apply() {
        for (const path of found.filter((one) => existsSync(one)).flatMap(groupsBelow)) rmdirSync(path);
      },
    },
  );
}

const isContainerId = (name: string) => /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(name);

/** A group and all below it, deepest first. */
function groupsBelow(path: string): string[] {
  const below = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...below.flatMap((entry) => groupsBelow(join(path, entry.name))), path];
}
