import { previewMail } from '#lib/brands/change.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('brands.previewMail', ({ actor, params, body }) => previewMail(actor, params.id, body));
