import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { grantHeader } from '#lib/contract/agent.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { backupReads, FileCall, type FileOrderOf, fileCalls, fileReads } from '#lib/contract/files.ts';
import { framedType, headLine, readFramed } from '#lib/contract/framed.ts';
import { Id } from '#lib/contract/ids.ts';
import { present } from '../actions/definition.ts';
import { placesOf } from '../actions/files.ts';
import type { FilesAnswer, Tree } from '../adapters.ts';
import type { Core } from '../core.ts';
import { lendRoot, withParts } from '../reconcile/loans.ts';
import type { ContainerRecord } from '../store/containers.ts';
import { clientOf } from './client.ts';
import type { GrantVerifier } from './grants.ts';
import { refuseOlder } from './reads.ts';
import { giveUpWhenIdle, headerOf, parse, tlsSocket } from './request.ts';

const Params = z.object({ id: Id, callId: Id });
/** A connection on which nothing moves is given up. */
const idleMs = 60_000;

/** Files of containers: the call is the head of the request, content follows it; the answer the same way round. */
export function fileRoutes(server: FastifyInstance, core: Core, grants: GrantVerifier): void {
  server.addContentTypeParser(framedType, (_request, payload, done) => done(null, payload));

  server.post('/v1/containers/:id/files/:callId', async (request, reply) => {
    const { id, callId } = parse(Params, request.params, '');
    const { head, rest } = await readFramed(request.body as AsyncIterable<Uint8Array>).catch((error: unknown) => {
      throw new BerthError('invalid', 'The call is not framed.', { cause: error });
    });
    const verb = isRead(head) ? 'files.read' : 'files.change';
    const demand = { verb, containerId: id, args: head, id: callId } as const;
    const claims = await grants.verify(headerOf(request, grantHeader), clientOf(tlsSocket(request)), demand);
    refuseOlder(core, id, claims.generation);
    const call = parse(FileCall, head, '');
    const order = parse(fileCalls[call.op].order, call.order, 'order');
    core.log.info({ containerId: id, callId, op: call.op, actor: claims.sub }, 'files');
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    giveUpWhenIdle(request, idleMs);
    const { answer, body, release } = await answerTo(core, id, call, order, rest, gone.signal);
    return send(reply, parse(fileCalls[call.op].answer, answer, 'answer'), body, release);
  });
}

type Answered = FilesAnswer & { release: () => void };

/** `release` is to be called when the body is over; the trees are lent until then. */
async function answerTo(
  core: Core,
  containerId: string,
  { op, backupId }: FileCall,
  order: unknown,
  rest: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Answered> {
  const { files } = core.adapters;
  const call = { op, order: order as Record<string, unknown> };
  const open: (() => void)[] = [];
  const release = () => {
    for (const one of open) one();
  };
  const lend = async (which: string | undefined): Promise<Tree> => {
    const lent =
      which === undefined
        ? await lendRoot(core, present(core, containerId))
        : await core.opened.lend(containerId, which);
    open.push(lent.release);
    return lent.tree;
  };
  signal.addEventListener('abort', release, { once: true });
  try {
    if (op === 'compare') {
      if (backupId === undefined) throw new BerthError('invalid', 'Only a backup can be compared.');
      const { paths, target, with: other } = order as FileOrderOf<'compare'>;
      const here = await lend(backupId);
      const there = await lend(other === 'now' ? undefined : other);
      const places = placesOf({ paths, ...(target === undefined ? {} : { target }) });
      const survey = await files.call(there, { op: 'survey', order: { paths: places } }, null, signal);
      return { ...(await files.call(here, call, survey.body, signal)), release };
    }
    if (backupId !== undefined) {
      if (!backupReads.some((read) => read === op)) throw new BerthError('invalid', 'A backup can only be read.');
      return { ...(await files.call(await lend(backupId), call, null, signal)), release };
    }
    const record = present(core, containerId);
    if (record.repair?.readOnly === true && !isRead({ op })) {
      throw new BerthError('state', 'In this repair the files can be read, not changed.');
    }
    if (op === 'written') {
      const inner = { op, order: sinceOf(core, record, order as FileOrderOf<'written'>) };
      return {
        ...(await files.call(await withParts(core, record, await lend(undefined)), inner, null, signal)),
        release,
      };
    }
    const whole = await lend(undefined);
    const tree = op === 'changes' ? await withParts(core, record, whole) : whole;
    return { ...(await files.call(tree, call, op === 'write' ? rest : null, signal)), release };
  } catch (error) {
    release();
    throw error;
  }
}

function sinceOf(core: Core, { id }: ContainerRecord, order: FileOrderOf<'written'>) {
  if ('since' in order) return order;
  const { volumeId } = order;
  const volume = core.store.volumes.find(volumeId);
  if (volume?.containerId !== id || volume.state !== 'retained') {
    throw new BerthError('not_found', 'These files are not kept.');
  }
  if (volume.retainedAt === null) throw new BerthError('state', 'It was not noted when these files were put aside.');
  return { since: volume.retainedAt.toISOString(), volumeId };
}

function isRead(head: unknown): boolean {
  const op = (head as { op?: unknown } | null)?.op;
  return typeof op === 'string' && Object.hasOwn(fileReads, op);
}

function send(reply: FastifyReply, answer: unknown, body: AsyncGenerator<Uint8Array>, release: () => void) {
  async function* all() {
    try {
      yield headLine(answer);
      yield* body;
    } finally {
      release();
    }
  }
  return reply.type(framedType).send(Readable.from(all(), { objectMode: false }));
}
