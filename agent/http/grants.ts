import { readFileSync } from 'node:fs';
import { compactVerify, decodeProtectedHeader, importSPKI } from 'jose';
import { ActionVerb, GrantClaims, operationGrantSeconds, ReadVerb, readGrantSeconds } from '#lib/contract/agent.ts';
import type { GrantKeySet } from '#lib/contract/agent-trust.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { AgentConfig } from '../config.ts';

type Signer = 'web' | 'worker';

/** What a request asks for; the grant must say the same, word for word. */
export type Demand = {
  verb: ActionVerb | ReadVerb;
  containerId: string | null;
  /** The order's own; undefined for reads, whose body has none. */
  generation?: number | null;
  /** What the grant's hash must cover. */
  args: unknown;
  /** The id of the action, exec or session; undefined where the address has none. */
  id?: string;
};

/** How far ahead of our clock a grant may have been signed. Signers know our clock from `berth-time`. */
const clockSkewSeconds = 5;

const workerReads: ReadonlySet<string> = new Set(['host.read', 'inventory.read'] satisfies ReadVerb[]);

function maySign(signer: Signer, verb: string): boolean {
  if (signer === 'web') return ReadVerb.safeParse(verb).success;
  return ActionVerb.safeParse(verb).success || workerReads.has(verb);
}

function lifetimeSeconds(verb: string): number {
  return ReadVerb.safeParse(verb).success ? readGrantSeconds : operationGrantSeconds;
}

/**
 * Checks grants: signature by the key its `kid` names, that key's right to the verb, the client that presents it, this host,
 * time by our own clock, and that verb, container, generation, id and arguments are exactly the demand's. Throws
 * `grant_refused` with an outside word that says nothing of which check failed; the log has it.
 */
export class GrantVerifier {
  readonly #hostId: string;
  #keys: Promise<Record<Signer, CryptoKey[]>>;

  constructor(config: Pick<AgentConfig, 'hostId' | 'grantKeys'>, replaced?: GrantKeySet['keys']) {
    this.#hostId = config.hostId;
    const read = (path: string) => [readFileSync(path, 'utf8')];
    this.#keys = load(replaced ?? { web: read(config.grantKeys.web), worker: read(config.grantKeys.worker) });
    this.#keys.catch(() => undefined); // told by ready() and by every verify()
  }

  /** From now on these keys and no others. Rejects, changing nothing, when one of them is no key. */
  async replaceKeys(keys: GrantKeySet['keys']): Promise<void> {
    const loaded = await load(keys);
    this.#keys = Promise.resolve(loaded);
  }

  /** Throws when a key cannot be read: an agent without keys must not serve. */
  async ready(): Promise<void> {
    await this.#keys;
  }

  async verify(token: string | undefined, client: Signer, demand: Demand, nowMs = Date.now()): Promise<GrantClaims> {
    const claims = await this.#authentic(token, client, nowMs);
    this.#about(claims, demand);
    if (claims.argsHash !== argsHash(demand.args)) throw refused('for other arguments');
    return claims;
  }

  /** For asking after an action: everything but the arguments, whose secrets nobody has kept. */
  async verifyLookup(
    token: string | undefined,
    client: Signer,
    demand: Omit<Demand, 'args'> | { id: string },
    nowMs = Date.now(),
  ): Promise<GrantClaims> {
    const claims = await this.#authentic(token, client, nowMs);
    if ('verb' in demand) this.#about(claims, demand);
    else if (claims.jti !== demand.id) throw refused('for another id');
    return claims;
  }

  async #authentic(token: string | undefined, client: Signer, nowMs: number): Promise<GrantClaims> {
    if (token === undefined) throw refused('no grant');
    const claims = await this.#claims(token);
    const now = Math.floor(nowMs / 1000);
    if (claims.iss !== client) throw refused(`presented by ${client}, issued by ${claims.iss}`);
    if (claims.aud !== this.#hostId) throw refused(`for host ${claims.aud}`);
    if (!maySign(claims.iss, claims.verb)) throw refused(`${claims.iss} may not grant ${claims.verb}`);
    if (claims.exp <= now) throw refused(`expired ${now - claims.exp} s ago`);
    if (claims.iat > now + clockSkewSeconds) throw refused(`issued ${claims.iat - now} s in the future`);
    if (claims.exp - claims.iat > lifetimeSeconds(claims.verb)) throw refused('valid for too long');
    return claims;
  }

  #about(claims: GrantClaims, demand: Omit<Demand, 'args'>): void {
    if (claims.verb !== demand.verb) throw refused(`for ${claims.verb}, not ${demand.verb}`);
    if (claims.containerId !== demand.containerId) throw refused('for another container');
    if (demand.generation !== undefined && claims.generation !== demand.generation) {
      throw refused('for another generation');
    }
    if (demand.id !== undefined && claims.jti !== demand.id) throw refused('for another id');
  }

  async #claims(token: string): Promise<GrantClaims> {
    const keys = await this.#keys;
    try {
      const { kid } = decodeProtectedHeader(token);
      if (kid !== 'web' && kid !== 'worker') throw new Error('unknown key');
      const payload = await signedBy(keys[kid], token);
      const claims = GrantClaims.parse(JSON.parse(new TextDecoder().decode(payload)));
      if (claims.iss !== kid) throw new Error(`signed by ${kid}, issued by ${claims.iss}`);
      return claims;
    } catch (error) {
      throw refused(error instanceof Error ? error.message : 'unreadable');
    }
  }
}

/** A file or an entry may hold several keys, one after another. */
async function load(keys: GrantKeySet['keys']): Promise<Record<Signer, CryptoKey[]>> {
  const all = (texts: readonly string[]) =>
    Promise.all(
      texts
        .flatMap((text) => text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [text])
        .map((pem) => importSPKI(pem, 'EdDSA')),
    );
  return { web: await all(keys.web), worker: await all(keys.worker) };
}

/** What a token says, if one of the keys signed it; while keys change there are two. */
async function signedBy(keys: readonly CryptoKey[], token: string): Promise<Uint8Array> {
  let failure: unknown = new Error('there is no key');
  for (const key of keys.toReversed()) {
    try {
      return (await compactVerify(token, key, { algorithms: ['EdDSA'] })).payload;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function refused(inside: string): BerthError {
  return new BerthError('grant_refused', undefined, { inside });
}
