import { decideDevice } from '#lib/auth/device.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('device.decide', ({ actor, body }) => decideDevice(actor, body));
