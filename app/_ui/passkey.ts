/** The browser's side of passkeys. The library is loaded on first use, not with the page. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { Problem } from '#lib/contract/errors.ts';
import type { Output } from '#lib/contract/routes.ts';
import { t } from '#lib/language/text.ts';
import { ApiError, call } from './api.ts';

/** Has the browser make a passkey, and the panel keep it. */
export async function makePasskey(name: string): Promise<Output<'me.passkeys.add'>> {
  const { options } = await call('me.passkeys.options', {});
  const { startRegistration } = await import('@simplewebauthn/browser');
  const response = await startRegistration({
    optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON,
  }).catch(notGiven);
  return await call('me.passkeys.add', { body: { name, response: { ...response } } });
}

/** Signs in with whichever passkey the browser has for this panel. */
export async function signInWithPasskey(): Promise<void> {
  const { options } = await call('session.passkeyOptions', {});
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const response = await startAuthentication({
    optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON,
  }).catch(notGiven);
  await call('session.passkey', { body: { response: { ...response } } });
}

/** The person changed their mind, or the device said no: said as a problem like any other. */
function notGiven(error: unknown): never {
  const known = error instanceof Error && error.name === 'InvalidStateError';
  const problem: Problem = {
    type: 'urn:berth:error:cancelled',
    title: known ? t('This device has a passkey for your account already') : t('The device gave no passkey'),
    status: 409,
    code: 'cancelled',
    ...(known ? {} : { remedy: t('Try again, or sign in with your password.') }),
  };
  throw new ApiError(problem);
}
