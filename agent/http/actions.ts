import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type ActionEvent, ActionRequest, actionVerbs, type Cancelling, grantHeader } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { ActionId } from '#lib/contract/ids.ts';
import { Run, type Runner } from '../actions/runner.ts';
import type { Core } from '../core.ts';
import type { Outcome } from '../store/ledger.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { headerOf, parse, tlsSocket } from './request.ts';

const aliveMs = 5000;
/** A reader this far behind is told no more of progress: only the newest counts, and the result comes in any case. */
const mostUnreadBytes = 64 * 1024;

/** PUT, GET and DELETE of actions. Everything is checked before the ledger hears of it; a refusal leaves no trace but a log line. */
export function actionRoutes(server: FastifyInstance, core: Core, runner: Runner, grants: GrantVerifier): void {
  server.put('/v1/actions/:actionId', async (request, reply) => {
    const client = clientOf(tlsSocket(request));
    const id = parse(ActionId, (request.params as { actionId: string }).actionId, 'actionId');
    const order = parse(ActionRequest, request.body, '');
    const { verb, containerId, generation, args, secrets } = order;
    const claims = await grants.verify(headerOf(request, grantHeader), client, {
      verb,
      containerId,
      generation,
      args: { args, secrets },
      id,
    });
    const shape = actionVerbs[verb];
    const onHost = shape.scope.containerId.safeParse(null).success;
    if (onHost !== (containerId === null) || onHost !== (generation === null)) {
      throw new BerthError('invalid', `${verb} concerns ${onHost ? 'the host' : 'one container at one generation'}.`);
    }
    const parsed = { args: parse(shape.args, args, 'args'), secrets: parse(shape.secrets, secrets, 'secrets') };
    const fence = claims.fence ?? 0;
    const found = runner.submit({ id, verb, containerId, generation, fence, args, secrets, actor: claims.sub, parsed });
    core.log.info({ actionId: id, verb, containerId, actor: claims.sub }, found instanceof Run ? 'order' : 'replay');
    return stream(reply, found);
  });

  // Whoever may order an action knows its id; the stored entry says what a grant for asking about it must say.
  server.get('/v1/actions/:actionId', async (request, reply) => {
    const client = clientOf(tlsSocket(request));
    const id = parse(ActionId, (request.params as { actionId: string }).actionId, 'actionId');
    const entry = core.store.ledger.find(id);
    const demand = entry === undefined ? { id } : { ...entry, id };
    await grants.verifyLookup(headerOf(request, grantHeader), client, demand);
    const found = entry === undefined ? undefined : runner.find(id);
    if (found === undefined) throw new BerthError('not_found', 'The agent does not know this action.');
    return stream(reply, found);
  });

  server.delete('/v1/actions/:actionId', async (request) => {
    const client = clientOf(tlsSocket(request));
    const id = parse(ActionId, (request.params as { actionId: string }).actionId, 'actionId');
    const entry = core.store.ledger.find(id);
    const demand = entry === undefined ? { id } : { ...entry, id };
    const claims = await grants.verifyLookup(headerOf(request, grantHeader), client, demand);
    if (entry === undefined) throw new BerthError('not_found', 'The agent does not know this action.');
    const cancelling = runner.cancel(entry, claims.fence ?? 0);
    core.log.info({ actionId: id, cancelling, actor: claims.sub }, 'told to give up');
    return { cancelling } satisfies Cancelling;
  });
}

/** Sends progress and signs of life until the one result; the action goes on when the reader leaves. */
export function stream(reply: FastifyReply, found: Run | Outcome): FastifyReply {
  const lines = new Readable({ read() {} });
  const send = (event: ActionEvent) => {
    if (event.type === 'result' || lines.readableLength < mostUnreadBytes) lines.push(`${JSON.stringify(event)}\n`);
  };
  const finish = (outcome: Outcome) => {
    send({ type: 'result', ...outcome });
    lines.push(null);
  };
  void reply.header('content-type', 'application/x-ndjson').header('cache-control', 'no-store');
  if (!(found instanceof Run)) {
    finish(found);
    return reply.send(lines);
  }
  const stopListening = found.listen(send);
  const timer = setInterval(() => send({ type: 'alive' }), aliveMs);
  const leave = () => {
    clearInterval(timer);
    stopListening();
  };
  lines.on('close', leave);
  found.outcome.then(finish, (error: unknown) => lines.destroy(error as Error)).finally(leave);
  return reply.send(lines);
}
