import { handle } from '#lib/http/route.ts';
import { resellerDashboard } from '#lib/resellers/dashboard.ts';

export const GET = handle('resellers.dashboard', ({ actor, params }) => resellerDashboard(actor, params.id));
