/** A real OpenID provider (npm oidc-provider) on loopback under a name of its own, and a browser that visits it. */
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import Provider, { type ClientMetadata, type KoaContextWithOIDC } from 'oidc-provider';
import { createCa, createRequest, issueHostCert } from '#lib/pki/ca.ts';

export type Person = {
  email?: string;
  emailVerified?: boolean;
  name?: string;
  groups?: string[];
  /** What it says of how they signed in. */
  amr?: string[];
};
/** Stands in the place of the ID token it has made. */
type Forge = (claims: JWTPayload) => JWTPayload | string;

export type IdentityServer = Awaited<ReturnType<typeof startIdentityServer>>;

/** Clients may be told later, by `serve`: whoever they are may need its certificate first. */
export async function startIdentityServer(name: string, clients?: ClientMetadata[]) {
  const ca = await createCa('identities of a test');
  const { csr, key } = await createRequest();
  const cert = await issueHostCert(ca, csr, '01900000-0000-7000-8000-000000000002', [name]);
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk: JWK = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'one' };
  const people = new Map<string, Person>();
  const state = {
    people,
    /** Who sits before the browser, when the provider asks. */
    subject: '',
    /** Changes ID tokens; a text is put in as it is. */
    forge: undefined as Forge | undefined,
    /** Answers of any kind it was asked for. */
    asked: [] as string[],
    connections: 0,
  };
  const server: Server = createServer({ cert, key });
  server.on('connection', () => {
    state.connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const issuer = `https://${name}:${port}`;
  const serve = (clients: ClientMetadata[]): void => {
    const provider = new Provider(issuer, {
      clients,
      jwks: { keys: [jwk] },
      cookies: { keys: ['for tests only'] },
      scopes: ['openid', 'email', 'profile', 'groups'],
      claims: {
        ...{ openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
        ...{ acr: null, amr: null, auth_time: null, sid: null, iss: null },
      },
      features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
      pkce: { required: () => true },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      async findAccount(_ctx, id) {
        return {
          accountId: id,
          claims: () => {
            const { email, emailVerified, name: called, groups } = people.get(id) ?? {};
            return { sub: id, email, email_verified: emailVerified, name: called, groups };
          },
        };
      },
      // Nobody is asked for consent.
      async loadExistingGrant({ oidc }: KoaContextWithOIDC) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
        grant.addOIDCScope('openid email profile groups');
        await grant.save();
        return grant;
      },
    });
    provider.proxy = false;
    provider.use(async (ctx, next) => {
      state.asked.push(`${ctx.method} ${ctx.path}`);
      if (ctx.path.startsWith('/interaction/')) {
        const login = { accountId: state.subject, remember: true };
        // Clients with an address without TLS are "native" to it, and it goes on asking for their consent until it is given one.
        await provider.interactionFinished(ctx.req, ctx.res, { login, consent: {} });
        ctx.respond = false;
        return;
      }
      await next();
      const body = ctx.body as { id_token?: string } | undefined;
      if (ctx.path !== '/token' || body?.id_token === undefined) return;
      // It says how somebody has signed in only when it is asked to.
      const say: Forge = (claims) => ({ ...claims, amr: people.get(String(claims.sub))?.amr });
      const forge = state.forge ?? say;
      body.id_token = await forged(body.id_token, forge, (await importJWK(jwk, 'RS256')) as CryptoKey);
    });
    server.on('request', provider.callback());
  };
  if (clients !== undefined) serve(clients);

  /** A logout token of this provider. */
  const logoutToken = async (claims: JWTPayload) =>
    await sign(
      { iss: issuer, iat: Math.floor(Date.now() / 1000), jti: 'one', ...claims },
      (await importJWK(jwk, 'RS256')) as CryptoKey,
    );
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return {
    issuer,
    port,
    ca: ca.certificate,
    state,
    serve,
    logoutToken,
    browser: () => new Browser(port, ca.certificate),
    stop,
  };
}

async function forged(token: string, forge: Forge, key: CryptoKey): Promise<string> {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as JWTPayload;
  const made = forge(claims);
  return typeof made === 'string' ? made : await sign(made, key);
}

export const sign = (claims: JWTPayload, key: CryptoKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);

/** Keeps the provider's cookies, and follows it until it sends elsewhere. */
class Browser {
  readonly #port: number;
  readonly #ca: string;
  readonly #cookies = new Map<string, string>();
  constructor(port: number, ca: string) {
    this.#port = port;
    this.#ca = ca;
  }

  /** Where the provider sends the browser in the end. */
  async visit(address: string): Promise<URL> {
    let at = new URL(address);
    for (let n = 0; n < 12 && at.port === String(this.#port); n++) {
      const { location, status, text } = await this.#get(at);
      if (location === undefined) throw new Error(`the provider answers ${status}: ${text}`);
      at = new URL(location, at);
    }
    return at;
  }

  #get(url: URL): Promise<{ status: number; location: string | undefined; text: string }> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return new Promise((done, failed) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          servername: url.hostname,
          ca: this.#ca,
          agent: false,
          path: url.pathname + url.search,
          headers: { host: url.host, cookie, accept: 'text/html' },
        },
        (response) => {
          for (const line of response.headers['set-cookie'] ?? []) {
            const [name = '', ...value] = (line.split(';')[0] ?? '').split('=');
            this.#cookies.set(name, value.join('='));
          }
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            text += piece;
          });
          response.on('end', () =>
            done({ status: response.statusCode ?? 0, location: response.headers.location, text }),
          );
        },
      );
      asked.on('error', failed);
      asked.end();
    });
  }
}
