import { brandOf, originOf } from '../auth/config.ts';
import { lookOf, plainLook } from './of.ts';

/** What a second factor or a passkey that is made or asked for by this request is bound to. */
export type SignInNames = {
  /** Stands in an authenticator app beside the account (issuer), and in the browser's question for a passkey (relying party's name). */
  issuer: string;
  /** The relying party's id: the host name that was proven to be ours. A passkey made under one name is none under another. */
  rpId: string;
  /** The only origin from which an answer of the browser counts. */
  origin: string;
};

/** By the name under which the request came, as the web process found it. Never by what a client claims. */
export async function signInNames(headers: Headers): Promise<SignInNames> {
  const brand = brandOf(headers);
  const { productName } = brand === null ? plainLook : await lookOf(brand);
  const origin = originOf(headers);
  return { issuer: productName, rpId: new URL(origin).hostname, origin };
}
