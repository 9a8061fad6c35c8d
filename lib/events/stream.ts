import type { UserActor } from '../access/actor.ts';
import { authorize, hasPermission } from '../access/authorize.ts';
import { refuseTooManyStreams, watchActor } from '../auth/watch.ts';
import type { BerthEvent } from '../contract/events.ts';
import { Operation } from '../contract/operations.ts';
import { asActor } from '../db/client.ts';
import { shutdown } from '../http/shutdown.ts';
import { limitCan } from '../operations/present.ts';
import { eventHub } from './hub.ts';
import { comparePositions, type Position, parsePosition, type ReadEvent, readEvents } from './read.ts';

const heartbeatMs = 15_000;
/** A browser that missed more than this is quicker with fresh pages. */
const catchUpLimit = 1000;
/** A reader that does not read is let go; it comes back with Last-Event-ID. */
const backlogLimit = 2000;

/**
 * Server-sent events for one person: what they may see, in commit order, each checked. Goes on after `lastEventId`. Ends on
 * `signal`, on shutdown, and within 2 s of the session's end.
 */
export function streamEvents(actor: UserActor, lastEventId: string | null, signal: AbortSignal): Response {
  authorize(actor, 'event.read');
  refuseTooManyStreams(actor);
  const end = new AbortController();
  const ended = AbortSignal.any([signal, shutdown().signal, end.signal]);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      start: async (controller) => {
        const put = (text: string) => {
          if (ended.aborted) return;
          if ((controller.desiredSize ?? 0) < -backlogLimit) return end.abort();
          controller.enqueue(encoder.encode(text));
        };
        const stops: (() => void)[] = [];
        ended.addEventListener('abort', () => {
          for (const stop of stops) stop();
          try {
            controller.close();
          } catch {
            // The reader went first.
          }
        });
        const sessionEnded = () => {
          put('event: ended\ndata: {}\n\n'); // so that a page need not wait for the browser to ask again
          end.abort();
        };
        stops.push(watchActor(actor, sessionEnded));
        const heartbeat = setInterval(() => put(': alive\n\n'), heartbeatMs).unref();
        stops.push(() => clearInterval(heartbeat));
        try {
          stops.push(await deliver(actor, parsePosition(lastEventId), put));
        } catch {
          end.abort();
        }
        if (ended.aborted) for (const stop of stops) stop();
      },
      cancel: () => end.abort(),
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // no-transform: compression would hold events back.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}

function mayHear(actor: UserActor, tenantId: string | null, event: BerthEvent): boolean {
  const about = { tenantId, containerId: event.containerId };
  if (event.type === 'people') {
    return (
      event.data.userId === actor.userId ||
      hasPermission(actor, tenantId === null ? 'staff.read' : 'member.read', about)
    );
  }
  return hasPermission(actor, event.type === 'operation' ? 'operation.read' : 'event.read', about);
}

/** An operation is published without anybody in mind; each reader is shown what they themselves may do about it. */
function forReader(actor: UserActor, event: BerthEvent): BerthEvent {
  if (event.type !== 'operation') return event;
  const operation = Operation.safeParse(event.data);
  return { ...event, data: operation.success ? limitCan(operation.data, actor) : {} };
}

/**
 * First what was missed, then what comes, nothing twice: the hub may hand on once more what catching up has already read. The
 * opening line is sent once nothing can be missed any more.
 */
async function deliver(actor: UserActor, after: Position | undefined, put: (text: string) => void) {
  let waiting: ReadEvent[] | undefined = [];
  let last = after;
  const send = ({ position, tenantId, event }: ReadEvent) => {
    if (last !== undefined && comparePositions(position, last) <= 0) return;
    last = position;
    if (mayHear(actor, tenantId, event)) put(`id: ${event.id}\ndata: ${JSON.stringify(forReader(actor, event))}\n\n`);
  };
  const stop = await eventHub().add((event) => (waiting === undefined ? send(event) : waiting.push(event)));
  put('retry: 1000\n\n');
  if (after !== undefined) {
    const { list } = await asActor(actor, (tx) => readEvents(tx, after, catchUpLimit));
    for (const event of list) send(event);
  }
  for (const event of waiting) send(event);
  waiting = undefined;
  return stop;
}
