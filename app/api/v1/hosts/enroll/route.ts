import { enrollHost } from '#lib/hosts/enroll.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('hosts.enroll', ({ body }) => enrollHost(body));
