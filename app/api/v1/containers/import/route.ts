import { handle } from '#lib/http/route.ts';
import { importContainer } from '#lib/transfers/import.ts';

export const POST = handle('containers.import', ({ actor, body }) => importContainer(actor, body));
