/** What the host holds of one agent, in words that can be compared from round to round. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { interfaceNameOf } from '#agent/network/addresses.ts';
import { tableOf } from '#agent/network/plan.ts';
import { mountsBelow } from '#agent/sys/mountinfo.ts';
import type { TestAgent } from '../../support/agent.ts';
import { groupsOf } from '../../support/sweep.ts';

/** Ids differ from round to round; what counts is how many things of each kind there are. */
const variable: [RegExp, string][] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/berth[0-9a-f]{8}\b/g, 'VETH'],
  [/\b[0-9a-f]{2}(:[0-9a-f]{2}){5}\b/g, 'MAC'],
  [/\b10\.\d+\.\d+\.\d+\b/g, 'ADDRESS'],
  [/packets \d+ bytes \d+/g, 'COUNTED'],
  [/[0-9a-f]{64}/g, 'DIGEST'],
];
const coarse = 16 * 1024 * 1024;
/** How a container last ended: what is known of that depends on who saw it. */
const history = /\/run\/runtime\/[^/]+\/(last-exit\.json|killed)$/;
const neutral = (line: string) => variable.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), line);

function orNothing<T>(look: () => T, nothing: T): T {
  try {
    return look();
  } catch {
    return nothing; // processes, groups and devices go at any moment
  }
}
const namesIn = (path: string) => orNothing(() => readdirSync(path), []);

/** Files below a directory; empty directories do not count, they are made once and stay. */
function filesBelow(path: string): string[] {
  return orNothing(() => readdirSync(path, { withFileTypes: true }), []).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
  );
}

function loopsOf(directory: string): string[] {
  return readdirSync('/sys/block')
    .map((name) => orNothing(() => readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim(), ''))
    .filter((file) => file.startsWith(`${directory}/`))
    .map((file) => `loop ${file}`);
}

/** Programs of the agent (monitor, resolver, restic, freeze helper …) but not itself, and what runs in its containers. */
function processesOf(agent: TestAgent): string[] {
  const { directory } = agent.made;
  const inGroups = new Set(
    groupsOf(agent.config.instance).flatMap((group) =>
      orNothing(() => readFileSync(join(group, 'cgroup.procs'), 'utf8').trim(), '').split('\n'),
    ),
  );
  const spaces = new Set<string>();
  const lines: string[] = [];
  for (const pid of namesIn('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== agent.pid)) {
    const argv = orNothing(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '').split('\0');
    if (inGroups.has(pid)) {
      lines.push(`inside: ${argv.join(' ').trim()}`);
      spaces.add(orNothing(() => readlinkSync(`/proc/${pid}/ns/net`), ''));
    } else if (argv.some((word) => word.includes(`${directory}/`))) lines.push(`program: ${basename(argv[0] ?? '')}`);
  }
  return [...lines, `network namespaces: ${[...spaces].filter(Boolean).length}`];
}

/** Tables, chains, rules and elements, one to a line. */
function rulesOf(instance: string): string[] {
  return ['bridge', 'inet'].flatMap((family) => {
    const list = () =>
      execFileSync('nft', ['list', 'table', family, tableOf(instance)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return orNothing(() => list().toString(), 'absent')
      .split(/[\n,]/)
      .map((line) => line.replace(/elements = \{|\}/g, '').trim())
      .filter(Boolean)
      .map((line) => `nft ${family}: ${line}`);
  });
}

/** Interfaces of containers this agent has ever had, on its bridge or off it. */
function interfacesOf(agent: TestAgent): string[] {
  const names = new Set([
    ...namesIn(`/sys/class/net/berth-${agent.config.instance}/brif`),
    ...[...agent.containerIds].map(interfaceNameOf).filter((name) => existsSync(`/sys/class/net/${name}`)),
  ]);
  return [...names].map((name) => `interface ${name}`);
}

/** Locks and unfinished things at the backup locations. */
function locationsOf(agent: TestAgent): string[] {
  return namesIn(agent.config.backupRoot).flatMap((location) => {
    const tenants = join(agent.config.backupRoot, location, 'tenants');
    return [
      ...namesIn(tenants).flatMap((tenant) => namesIn(join(tenants, tenant, 'locks')).map(() => 'restic lock')),
      ...[tenants, join(agent.config.backupRoot, location, 'layers')].flatMap((path) =>
        namesIn(path)
          .filter((name) => name.startsWith('.'))
          .map((name) => `unfinished ${name}`),
      ),
    ];
  });
}

/** Everything, sorted. Needs no living agent, except for what it has reserved of the pool. */
export async function world(agent: TestAgent): Promise<string[]> {
  const { agentDir, poolPath, instance } = agent.config;
  return [
    ...mountsBelow(agent.made.directory).map(({ target }) => `mount ${target}`),
    ...loopsOf(agent.made.directory),
    ...['volumes', 'snapshots', 'layers'].flatMap((name) =>
      namesIn(join(poolPath, name)).map((file) => `${name}/${file}`),
    ),
    ...['run', 'logs', 'build', 'bundles', 'hooks']
      .flatMap((name) => filesBelow(join(agentDir, name)))
      .filter((file) => !history.test(file)),
    ...namesIn(join(agentDir, 'mnt')).flatMap((kind) =>
      namesIn(join(agentDir, 'mnt', kind)).map((name) => `mnt/${kind}/${name}`),
    ),
    ...groupsOf(instance),
    ...interfacesOf(agent),
    ...rulesOf(instance),
    ...processesOf(agent),
    ...locationsOf(agent),
    // A snapshot reserves what it holds, which is never twice the same.
    `reserved ${Math.round((await agent.host()).pool.reservedBytes / coarse)} × 16 MiB`,
  ]
    .map(neutral)
    .sort();
}

/** Layers stay mounted for the next container; an agent that starts lets go of those that none of its containers uses. */
const maybe = /\/mnt\/layers\/|^mnt\/layers\//;

/** `-` what is missing, `+` what is too much. */
export function difference(expected: readonly string[], found: readonly string[]): string[] {
  const rest = [...found];
  const missing = expected.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0 && !maybe.test(line);
  });
  return [...missing.map((line) => `- ${line}`), ...rest.map((line) => `+ ${line}`)];
}
