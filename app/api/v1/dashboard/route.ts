import { getDashboard } from '#lib/dashboard/get.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('dashboard.get', ({ actor }) => getDashboard(actor));
