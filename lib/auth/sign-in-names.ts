import { isIP } from 'node:net';
import type { SignInNames } from '../brands/names.ts';
import { BerthError } from '../contract/errors.ts';

/** Whether there can be passkeys under these names: browsers want a host name, and TLS for all but this machine's own. */
export function passkeysPossible({ rpId, origin }: SignInNames): boolean {
  if (isIP(rpId.replace(/^\[|\]$/g, '')) !== 0) return false;
  return origin.startsWith('https:') || rpId === 'localhost' || rpId.endsWith('.localhost');
}

/** Throws `state` where there cannot. */
export function needPasskeys(names: SignInNames): void {
  if (passkeysPossible(names)) return;
  throw new BerthError('state', 'Passkeys need a panel that is reached by a host name and TLS.');
}
