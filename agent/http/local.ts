import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { z } from 'zod';
import { actionVerbs } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { ActionId, Id } from '#lib/contract/ids.ts';
import { type LocalContainer, LocalOrder, type LocalStatus, localSocketPath } from '#lib/contract/local.ts';
import { present } from '../actions/definition.ts';
import { Run, type Runner } from '../actions/runner.ts';
import type { Core } from '../core.ts';
import { inventory } from '../inventory.ts';
import { hostBootId } from '../reconcile/reconcile.ts';
import { changeMode, makeDirectory, remove } from '../sys/files.ts';
import { loginOf, peerOf } from '../sys/peer.ts';
import { stream } from './actions.ts';
import { answerErrors } from './errors.ts';
import { parse } from './request.ts';

const LogQuery = z.object({
  bytes: z.coerce
    .number()
    .int()
    .min(1)
    .max(1024 * 1024)
    .default(65_536),
});

/**
 * Serves lib/contract/local.ts on a unix socket for root of this host, for when there is no portal to give grants. The socket
 * lies in a directory of root's alone, is 0600, and every request's sender is asked of the kernel.
 */
export async function serveLocally(core: Core, runner: Runner): Promise<{ close(): Promise<void> }> {
  const path = localSocketPath(core.config.agentDir);
  const server = fastify({ logger: false, bodyLimit: 64 * 1024, forceCloseConnections: true });
  answerErrors(server, core);
  server.addHook('onRequest', async (request) => {
    actorOf(request);
  });
  server.get('/local/status', async () => status(core, runner));
  server.get('/local/containers', async () => containers(core));
  server.get('/local/containers/:id/log', async (request, reply) => {
    const containerId = parse(Id, (request.params as { id: string }).id, 'id');
    const { bytes } = parse(LogQuery, request.query, 'query');
    present(core, containerId);
    return reply.type('text/plain; charset=utf-8').send(core.adapters.runtime.bootLog(containerId, bytes));
  });
  server.put('/local/actions/:actionId', async (request, reply) => order(core, runner, request, reply));

  makeDirectory('LOCAL:DIRECTORY', dirname(path), 0o700);
  // What a killed agent left; another living one cannot be, for it would hold the ledger.
  if (existsSync(path)) remove('LOCAL:SOCKET', path);
  await (server as unknown as FastifyInstance).listen({ path });
  changeMode('LOCAL:SOCKET', path, 0o600);
  return { close: () => server.close() };
}

/** Root of this host and nobody else, a container's root least of all: its id out here is another. */
function actorOf(request: FastifyRequest): string {
  const peer = peerOf(request.raw.socket);
  if (peer.uid !== 0) {
    throw new BerthError('forbidden', 'Only root of this host may ask.', { inside: `uid ${peer.uid} pid ${peer.pid}` });
  }
  const login = loginOf(peer.pid);
  return login === null || login === 'root' ? 'host root' : `host root (${login})`.slice(0, 100);
}

function order(core: Core, runner: Runner, request: FastifyRequest, reply: FastifyReply) {
  const actor = actorOf(request);
  const id = parse(ActionId, (request.params as { actionId: string }).actionId, 'actionId');
  const asked = parse(LocalOrder, request.body, '');
  const { verb, containerId, args } = asked;
  present(core, containerId);
  const shape = actionVerbs[verb];
  const parsed = { args: parse(shape.args, args, 'args'), secrets: {} };
  // A repeat means the same order, whatever has been decided since.
  const known = core.store.ledger.find(id);
  const generation = known?.generation ?? Math.max(1, core.store.ledger.generation(containerId));
  const found = runner.submit({ ...asked, id, generation, fence: 0, secrets: {}, actor, parsed, local: true });
  core.log.warn({ actionId: id, verb, containerId, actor }, found instanceof Run ? 'local order' : 'replay');
  return stream(reply, found);
}

function status(core: Core, runner: Runner): LocalStatus {
  const { config, store, adapters } = core;
  const present = store.containers.list().filter((record) => record.state === 'present');
  const { path, sizeBytes, usedBytes } = adapters.volumes.pool();
  return {
    hostId: config.hostId,
    instance: config.instance,
    pid: process.pid,
    startedAt: core.startedAt.toISOString(),
    time: new Date().toISOString(),
    bootId: hostBootId(),
    simulated: core.simulated,
    portalHeardAt: core.heard.portalAt?.toISOString() ?? null,
    containers: {
      total: present.length,
      running: present.filter(({ id }) => adapters.runtime.state(id).running).length,
    },
    pool: { path, sizeBytes, usedBytes, reserveBytes: config.poolReserveBytes },
    unfinished: runner.active(),
    untold: store.ledger.untoldCount(),
    known: {
      containers: store.containers.list().map(({ id }) => id),
      volumes: store.volumes.list().map(({ id }) => id),
      snapshots: store.volumes.listSnapshots().map(({ id }) => id),
      interfaces: store.containers.list().map(({ id }) => adapters.network.interfaceName(id)),
    },
  };
}

function containers(core: Core): LocalContainer[] {
  const records = new Map(core.store.containers.list().map((record) => [record.id, record]));
  return inventory(core).containers.flatMap((item) => {
    const record = records.get(item.containerId);
    if (record === undefined) return [];
    const { name, tenantId, hostname } = record;
    return [{ ...item, name, tenantId, hostname, busy: core.locks.busy(item.containerId) }];
  });
}
