import { signInLink } from '#lib/billing/sign-in-link.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('billing.signInLink', ({ actor, body }) => signInLink(actor, body));
