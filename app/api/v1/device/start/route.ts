import { startDevice } from '#lib/auth/device.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('device.start', ({ body, visitor }) => startDevice(body, visitor));
