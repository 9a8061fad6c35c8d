/** `berth local …`: containers of this host in an emergency, by its agent alone. */
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { LocalVerb } from '#lib/contract/agent-state.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { actionId } from '#lib/contract/ids.ts';
import { LocalContainer, LocalStatus } from '#lib/contract/local.ts';
import { defaultStateDir } from '#lib/settings.ts';
import { AgentSocket } from './agent-socket.ts';

type Json = { json?: boolean };

const agent = () => new AgentSocket(defaultStateDir());

export async function list(options: Json): Promise<void> {
  await answer(options, async () => {
    const containers = await all(agent());
    const lines = containers.map(
      (one) =>
        `${one.containerId}  ${one.power.padEnd(8)} ${wish(one).padEnd(12)} ${one.address.padEnd(15)} ${one.name}${one.busy ? ' (busy)' : ''}`,
    );
    return { containers, text: lines.length === 0 ? 'This host has no containers.' : lines.join('\n') };
  });
}

export async function status(container: string | undefined, options: Json): Promise<void> {
  await answer(options, async () => {
    const socket = agent();
    if (container !== undefined) {
      const found = await find(socket, container);
      return { container: found, text: describe(found) };
    }
    const host = await socket.get('/local/status', LocalStatus);
    return { host, text: describeHost(host) };
  });
}

export async function logs(container: string, options: Json & { bytes: number }): Promise<void> {
  await answer(options, async () => {
    const socket = agent();
    const { containerId } = await find(socket, container);
    const log = await socket.text(`/local/containers/${containerId}/log?bytes=${options.bytes}`);
    return { containerId, log, text: log.replace(/\n$/, '') };
  });
}

export const start = (container: string, options: Json) => act('container.start', container, options);
export const kill = (container: string, options: Json) => act('container.kill', container, options);
export const thaw = (container: string, options: Json) => act('container.thaw', container, options);
export const stop = (container: string, options: Json & { timeout: number }) =>
  act('container.stop', container, options, { timeoutMs: options.timeout * 1000 });

const said: Record<LocalVerb, string> = {
  'container.start': 'runs',
  'container.stop': 'is stopped and stays so',
  'container.kill': 'was killed and stays stopped',
  'container.thaw': 'is not frozen',
};

async function act(verb: LocalVerb, wanted: string, options: Json, args: Record<string, unknown> = {}): Promise<void> {
  await answer(options, async () => {
    const socket = agent();
    const { containerId, name } = await find(socket, wanted);
    const id = actionId(uuidv7(), 1, 'local');
    let last = '';
    const result = await socket.order(id, { verb, containerId, args }, (message) => {
      if (!options.json && message !== last) console.error(message);
      last = message;
    });
    const thawed = verb === 'container.thaw' && result.thawed !== 0 ? 'was frozen and goes on' : said[verb];
    return {
      actionId: id,
      verb,
      containerId,
      name,
      result,
      text: `${name} ${thawed}. The portal is told when it is back.`,
    };
  });
}

const all = (socket: AgentSocket) => socket.get('/local/containers', z.array(LocalContainer));

/** The container of this id, of this beginning of an id, or of this name; names are a tenant's, so several may have one. */
async function find(socket: AgentSocket, wanted: string): Promise<LocalContainer> {
  const containers = await all(socket);
  const exact = containers.filter((one) => one.containerId === wanted || one.name === wanted);
  const found =
    exact.length > 0 ? exact : containers.filter((one) => wanted.length >= 4 && one.containerId.startsWith(wanted));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (only === undefined)
    throw new BerthError('not_found', `This host has no container "${wanted}".`, { remedy: 'See: ./berth local list' });
  const ids = found.map((one) => `${one.containerId} (tenant ${one.tenantId})`).join(', ');
  throw new BerthError('conflict', `Several containers are called "${wanted}": ${ids}.`, { remedy: 'Give the id.' });
}

const wish = (one: LocalContainer) => (one.desired === one.power ? '' : `→ ${one.desired}`);

function describe(one: LocalContainer): string {
  const { lastExit, usage } = one;
  return [
    `${one.name} (${one.containerId}), tenant ${one.tenantId}`,
    `  ${one.power} since ${one.since}; to be ${one.desired}; generation ${one.generation}${one.busy ? '; something is being done to it' : ''}`,
    `  address ${one.address}, host name ${one.hostname}`,
    ...(lastExit === null ? [] : [`  last end: ${lastExit.cause} (status ${lastExit.status}) at ${lastExit.at}`]),
    ...(usage === null
      ? []
      : [`  ${mib(usage.memoryBytes)} MiB memory, ${usage.pids} processes, ${mib(usage.diskBytes)} MiB disk`]),
  ].join('\n');
}

function describeHost(host: LocalStatus): string {
  const { pool } = host;
  return [
    `Agent of host ${host.hostId} (instance ${host.instance}), process ${host.pid}, since ${host.startedAt}`,
    `  containers: ${host.containers.running} of ${host.containers.total} run; ${host.unfinished} actions under way`,
    `  pool ${pool.path}: ${mib(pool.usedBytes)} of ${mib(pool.sizeBytes)} MiB used`,
    `  the portal ${host.portalHeardAt === null ? 'has not been heard since the agent started' : `was last heard at ${host.portalHeardAt}`}`,
    `  done here and not told to it yet: ${host.untold}`,
  ].join('\n');
}

const mib = (bytes: number) => Math.round(bytes / 1024 ** 2);

/** Prints for a person or, with --json, one object; a refusal too, with exit status 1. */
async function answer(options: Json, work: () => Promise<Record<string, unknown> & { text: string }>): Promise<void> {
  try {
    const { text, ...facts } = await work();
    console.log(options.json ? JSON.stringify({ ok: true, ...facts }, null, 2) : text);
  } catch (error) {
    if (!(error instanceof BerthError)) throw error;
    process.exitCode = 1;
    const { code, message: detail, outside } = error;
    const remedy = outside.remedy ?? null;
    if (options.json) console.log(JSON.stringify({ ok: false, error: { code, detail, remedy } }, null, 2));
    else console.error(`berth: ${detail}${remedy === null ? '' : `\n${remedy}`}`);
  }
}
