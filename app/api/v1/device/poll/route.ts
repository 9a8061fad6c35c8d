import { pollDevice } from '#lib/auth/device.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('device.poll', ({ body }) => pollDevice(body.deviceCode));
