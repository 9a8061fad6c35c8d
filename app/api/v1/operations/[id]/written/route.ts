import { handle } from '#lib/http/route.ts';
import { writtenSince } from '#lib/operations/written.ts';

export const GET = handle('operations.written', ({ actor, params }) => writtenSince(actor, params.id));
