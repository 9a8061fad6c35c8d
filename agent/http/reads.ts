import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { grantHeader, type ReadVerb } from '#lib/contract/agent.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { ExecRequest, type ExecResult, execOutputLimitBytes } from '#lib/contract/exec.ts';
import { Id } from '#lib/contract/ids.ts';
import { present } from '../actions/definition.ts';
import type { Core } from '../core.ts';
import { hostInfo, inventory, records } from '../inventory.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { headerOf, parse, tlsSocket } from './request.ts';

const mostLogBytes = 1024 * 1024;
const mostExecsPerContainer = 8;
/** Output stays in memory for a repeat of the same call; it is a tenant's and does not go to disk. */
const keepResults = 64;

/** Everything that reads, and exec. */
export function readRoutes(server: FastifyInstance, core: Core, grants: GrantVerifier): void {
  const onHost = (verb: ReadVerb, request: FastifyRequest) =>
    grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), { verb, containerId: null, args: {} });

  server.get('/v1/host', async (request) => {
    await onHost('host.read', request);
    return hostInfo(core);
  });

  server.get('/v1/inventory', async (request) => {
    await onHost('inventory.read', request);
    if ((request.query as { settled?: unknown }).settled === 'true') core.heard.settled = true;
    return inventory(core);
  });

  server.get('/v1/records', async (request) => {
    await onHost('inventory.read', request);
    return records(core);
  });

  server.get('/v1/containers/:id/log', async (request, reply) => {
    const containerId = parse(Id, (request.params as { id: string }).id, 'id');
    const demand = { verb: 'log.read', containerId, args: {} } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    refuseOlder(core, containerId, claims.generation);
    const { bytes } = parse(LogQuery, request.query, 'query');
    present(core, containerId);
    return reply.type('text/plain; charset=utf-8').send(core.adapters.runtime.bootLog(containerId, bytes));
  });

  const execs = new Execs(core);
  server.post('/v1/containers/:id/exec/:execId', async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const { id, execId } = parse(ExecParams, request.params, '');
    const body = request.body ?? {};
    const demand = { verb: 'exec.run', containerId: id, args: body, id: execId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    refuseOlder(core, id, claims.generation);
    const order = parse(ExecRequest, body, '');
    core.log.info({ containerId: id, execId, actor: claims.sub }, 'exec');
    return execs.run(id, execId, order, gone.signal);
  });
}

const LogQuery = z.object({ bytes: z.coerce.number().int().min(1).max(mostLogBytes).default(65_536) });
const ExecParams = z.object({ id: Id, execId: Id });

/** A decision made on an older state of the container is refused for reads too: an exec is one. */
export function refuseOlder(core: Core, containerId: string, generation: number | null): void {
  if (generation !== null && generation < core.store.ledger.generation(containerId)) {
    throw new BerthError('stale', 'The container has moved on since this was decided.');
  }
}

/** Commands inside containers, each id at most once: written down before it runs, never run again, and ended when whoever began it is gone. */
class Execs {
  readonly #core: Core;
  readonly #active = new Map<string, number>();
  readonly #results = new Map<string, { bodyHash: string; result: Promise<ExecResult> }>();

  constructor(core: Core) {
    this.#core = core;
  }

  async run(
    containerId: string,
    execId: string,
    order: z.infer<typeof ExecRequest>,
    signal: AbortSignal,
  ): Promise<ExecResult> {
    const { store, adapters } = this.#core;
    const bodyHash = createHash('sha256').update(argsHash({ containerId, order })).digest('hex');
    const known = this.#results.get(execId);
    if (known?.bodyHash === bodyHash) return known.result;
    present(this.#core, containerId);
    if (!adapters.runtime.state(containerId).running) throw new BerthError('state', 'The container does not run.');
    const active = this.#active.get(containerId) ?? 0;
    if (active >= mostExecsPerContainer) throw new BerthError('rate_limited', 'Too many commands run there already.');
    if (signal.aborted) throw new BerthError('cancelled');
    if (!store.ledger.beginExec(execId, containerId, bodyHash)) {
      throw new BerthError('conflict', 'This command was run before; its result is no longer kept.');
    }
    this.#active.set(containerId, active + 1);
    const result = adapters.runtime
      .exec(containerId, order.argv, { timeoutMs: order.timeoutMs, maxBytes: execOutputLimitBytes, signal })
      .finally(() => this.#active.set(containerId, (this.#active.get(containerId) ?? 1) - 1));
    this.#keep(execId, { bodyHash, result });
    return result;
  }

  #keep(execId: string, entry: { bodyHash: string; result: Promise<ExecResult> }): void {
    this.#results.set(execId, entry);
    const oldest = this.#results.keys().next();
    if (this.#results.size > keepResults && !oldest.done) this.#results.delete(oldest.value);
  }
}
