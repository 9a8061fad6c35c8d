/** The protocol, by openid-client: discovery, the address to go to, and what comes back. The only importer of it. */
import { createRemoteJWKSet, customFetch } from 'jose';
import * as oidc from 'openid-client';
import { openLasting } from '../secrets/sealed-values.ts';
import type { Claims } from './claims.ts';
import { providerFetch } from './door.ts';

export type ProviderKeys = {
  id: string;
  issuer: string;
  clientId: string;
  sealedSecret: string;
  privateNetwork: boolean;
  scopes: string[];
};
/** What of a visit both ends must know; see visits.ts. */
export type Visit = { redirectUri: string; state: string; nonce: string; verifier: string };

/** Clocks of two machines are off by some seconds. */
const toleranceSeconds = 30;
/** For how long what a provider says of itself is taken as true without asking again; the library keeps its signing keys as long. */
const freshMs = 5 * 60_000;
const mostKept = 100;
const kept = new Map<string, { config: oidc.Configuration; at: number }>();

/** For which row a sealed client secret is: opened under another, it is none. */
export const sealedFor = (providerId: string) => `identity-provider:${providerId}`;

async function configure(provider: ProviderKeys): Promise<oidc.Configuration> {
  const key = JSON.stringify([
    provider.id,
    provider.issuer,
    provider.clientId,
    provider.sealedSecret,
    provider.privateNetwork,
  ]);
  const before = kept.get(key);
  if (before !== undefined && Date.now() - before.at < freshMs) return before.config;
  const secret = openLasting(provider.sealedSecret, sealedFor(provider.id));
  const config = await oidc.discovery(
    new URL(provider.issuer),
    provider.clientId,
    { [oidc.clockTolerance]: toleranceSeconds },
    byWhatItTakes(secret),
    {
      [oidc.customFetch]: providerFetch(provider.privateNetwork),
      // The ID token's own signature besides the connection's: whoever reads it later can know whose it is.
      execute: [oidc.enableNonRepudiationChecks],
      timeout: 10,
    },
  );
  // The library is lenient with one vendor's; people are pinned to this very issuer.
  if (new URL(config.serverMetadata().issuer).href !== new URL(provider.issuer).href) {
    throw new Error('the issuer says that it is another');
  }
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, { config, at: Date.now() });
  return config;
}

/** The client's secret as the provider takes it: in a header (what all must take) unless it only takes it in the body. */
function byWhatItTakes(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, client, body, headers) => {
    const takes = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (takes.includes('client_secret_basic') ? basic : post)(server, client, body, headers);
  };
}

/** Where the browser is to go. `again`: whoever comes there must sign in anew, whatever session they have. */
export async function addressToGo(provider: ProviderKeys, visit: Visit, again: boolean): Promise<string> {
  const config = await configure(provider);
  return oidc.buildAuthorizationUrl(config, {
    response_type: 'code',
    redirect_uri: visit.redirectUri,
    scope: [...new Set(['openid', ...provider.scopes])].join(' '),
    state: visit.state,
    nonce: visit.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(visit.verifier),
    code_challenge_method: 'S256',
    ...(again ? { prompt: 'login', max_age: '0' } : {}),
  }).href;
}

/**
 * What the provider says of whoever brings this answer: the claims of an ID token of which signature, issuer, audience, times, nonce, and the
 * answer's state and issuer fit, and of the userinfo of the same subject. `again`: the token must say when they signed in. Rejects otherwise.
 */
export async function redeem(
  provider: ProviderKeys,
  visit: Visit,
  search: string,
  again: boolean,
): Promise<{ idToken: Claims; userinfo: Claims }> {
  const config = await configure(provider);
  const tokens = await oidc.authorizationCodeGrant(config, new URL(visit.redirectUri + search), {
    expectedState: visit.state,
    expectedNonce: visit.nonce,
    pkceCodeVerifier: visit.verifier,
    idTokenExpected: true,
    // How long ago is for the caller, who knows when it asked; here, that it is said at all.
    ...(again ? { maxAge: 600 } : {}),
  });
  const idToken = tokens.claims();
  if (idToken === undefined || idToken.sub === '' || idToken.sub.length > 255) throw new Error('there is no subject');
  const hasMore = config.serverMetadata().userinfo_endpoint !== undefined;
  const userinfo = hasMore ? await oidc.fetchUserInfo(config, tokens.access_token, idToken.sub) : {};
  return { idToken: { ...idToken }, userinfo: { ...userinfo } };
}

type Keys = ReturnType<typeof createRemoteJWKSet>;
const keysKept = new WeakMap<oidc.Configuration, Keys>();

/** The provider's signing keys, for what it tells by itself. They are asked for again when there is a new one, and not more often than the library lets anybody make us. */
export async function signingKeysOf(provider: ProviderKeys): Promise<Keys> {
  const config = await configure(provider);
  const before = keysKept.get(config);
  if (before !== undefined) return before;
  const { jwks_uri: address } = config.serverMetadata();
  if (address === undefined) throw new Error('it has no signing keys');
  const fetch = providerFetch(provider.privateNetwork);
  const keys = createRemoteJWKSet(new URL(address), {
    [customFetch]: (url, { headers, method, signal }) =>
      fetch(url, { method, headers: Object.fromEntries(headers), signal }),
  });
  keysKept.set(config, keys);
  return keys;
}
