import { handle } from '#lib/http/route.ts';
import { exportContainer } from '#lib/transfers/export.ts';

export const POST = handle('containers.export', ({ actor, params }) => exportContainer(actor, params.id));
