import { streamEvents } from '#lib/events/stream.ts';
import { handle } from '#lib/http/route.ts';

export const dynamic = 'force-dynamic';

export const GET = handle('events.stream', async ({ actor, request }) =>
  streamEvents(actor, request.headers.get('last-event-id'), request.signal),
);
