import { listTrash } from '#lib/files/list.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('files.trash', ({ actor, params }) => listTrash(actor, params.id));
