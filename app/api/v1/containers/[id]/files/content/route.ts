import { deleteFile } from '#lib/files/change.ts';
import { readFile } from '#lib/files/read.ts';
import { writeFile } from '#lib/files/write.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('files.read', ({ actor, params, query, request }) =>
  readFile(actor, params.id, query.path, request),
);
export const PUT = handle('files.write', ({ actor, params, query, request }) =>
  writeFile(actor, params.id, query, request),
);
export const DELETE = handle('files.delete', ({ actor, params, query }) => deleteFile(actor, params.id, query));
