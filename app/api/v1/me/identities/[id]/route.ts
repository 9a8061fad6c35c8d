import { handle } from '#lib/http/route.ts';
import { removeIdentity } from '#lib/identity/oneself.ts';

export const DELETE = handle('me.identities.remove', ({ actor, params }) => removeIdentity(actor, params.id));
