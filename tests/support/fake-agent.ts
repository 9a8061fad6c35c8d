/**
 * An agent's HTTP side alone, for tests of the portal's client: mutual TLS, verified grants, and actions that do what the
 * test says. The simulator (agent/sim) is the thing to use when containers should behave like containers.
 */
import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import {
  cryptoProvider,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { jwtVerify } from 'jose';
import { type ActionEvent, ActionRequest, GrantClaims, grantHeader } from '#lib/contract/agent.ts';
import { identityUri } from '#lib/contract/agent-trust.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { BerthError, toProblem } from '#lib/contract/errors.ts';

export type TestPki = {
  ca: string;
  issue(uri: string): Promise<{ certificate: string; key: string; ca: string }>;
};

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certification authority for one test. */
export async function testPki(): Promise<TestPki> {
  cryptoProvider.set(globalThis.crypto);
  const times = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const { BasicConstraintsExtension } = await import('@peculiar/x509');
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=berth test',
    keys,
    signingAlgorithm: algorithm,
    ...times,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
  });
  return {
    ca: ca.toString('pem'),
    issue: async (uri) => {
      const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const certificate = await X509CertificateGenerator.create({
        subject: 'CN=berth',
        issuer: ca.subject,
        signingKey: keys.privateKey,
        publicKey: own.publicKey,
        signingAlgorithm: algorithm,
        ...times,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'url', value: uri }])],
      });
      return {
        certificate: certificate.toString('pem'),
        key: PemConverter.encode(await crypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY'),
        ca: ca.toString('pem'),
      };
    },
  };
}

export type GrantPair = { privatePem: string; publicKey: KeyObject };
export function grantPair(): GrantPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey };
}

export type FakeHandler = (
  request: ActionRequest,
  emit: (event: ActionEvent) => void,
  actionId: string,
) => Promise<Record<string, unknown>>;

type Running = { hash: string; events: ActionEvent[]; followers: Set<(event: ActionEvent) => void>; runs: number };

export class FakeAgent {
  readonly hostId: string;
  readonly grants: GrantClaims[] = [];
  readonly actions = new Map<string, Running>();
  /** Answers to GET and POST by path. */
  readonly answers = new Map<string, (body: string) => unknown>();
  handler: FakeHandler = async () => ({});
  /** How far this agent's clock is ahead of ours. */
  clockAheadMs = 0;
  readonly #keys: Record<'web' | 'worker', KeyObject>;
  readonly #identity: { certificate: string; key: string; ca: string };
  readonly #sockets = new Set<Socket>();
  #server: ReturnType<typeof createServer> | null = null;
  port = 0;

  constructor(
    hostId: string,
    identity: { certificate: string; key: string; ca: string },
    keys: Record<'web' | 'worker', KeyObject>,
  ) {
    this.hostId = hostId;
    this.#identity = identity;
    this.#keys = keys;
  }

  get address(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const { certificate: cert, key, ca } = this.#identity;
    const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true }, (req, res) => {
      this.#answer(req, res).catch((error: unknown) => {
        const problem = toProblem(error);
        if (!res.headersSent) res.writeHead(problem.status, { 'content-type': 'application/problem+json' });
        res.end(JSON.stringify(problem));
      });
    });
    server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** Cuts every connection, as a network does; what runs goes on. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.cut();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const time = new Date(Date.now() + this.clockAheadMs).toISOString();
    res.setHeader('berth-time', time);
    res.setHeader('berth-boot-id', 'fake');
    const path = req.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (path === '/healthz') {
      res.end(JSON.stringify({ ok: true, hostId: this.hostId, contract: 1, time, bootId: 'fake' }));
      return;
    }
    const claims = await this.#verify(req);
    const action = /^\/v1\/actions\/(.+)$/.exec(path)?.[1];
    if (action !== undefined) {
      const request = ActionRequest.parse(JSON.parse(body));
      if (claims.jti !== action || claims.verb !== request.verb) throw new BerthError('grant_refused');
      if (claims.argsHash !== argsHash({ args: request.args, secrets: request.secrets }))
        throw new BerthError('grant_refused');
      this.#follow(action, request, res);
      return;
    }
    const answer = this.answers.get(path.replace(/\/exec\/.*/, '/exec'));
    if (answer === undefined) throw new BerthError('not_found');
    if (claims.argsHash !== argsHash(body === '' ? {} : JSON.parse(body))) throw new BerthError('grant_refused');
    const value = answer(body);
    res.end(typeof value === 'string' ? value : JSON.stringify(value));
  }

  async #verify(req: IncomingMessage): Promise<GrantClaims> {
    try {
      const { payload } = await jwtVerify(
        String(req.headers[grantHeader]),
        (header) => this.#keys[header.kid === 'web' ? 'web' : 'worker'],
        { audience: this.hostId, algorithms: ['EdDSA'], currentDate: new Date(Date.now() + this.clockAheadMs) },
      );
      const claims = GrantClaims.parse(payload);
      this.grants.push(claims);
      return claims;
    } catch (error) {
      throw new BerthError('grant_refused', 'The grant is not valid.', { cause: error });
    }
  }

  #follow(id: string, request: ActionRequest, res: ServerResponse): void {
    const hash = argsHash(request);
    let running = this.actions.get(id);
    if (running !== undefined && running.hash !== hash) throw new BerthError('conflict');
    const last = running?.events.at(-1);
    if (running === undefined || (last?.type === 'result' && !last.ok && last.error.retryable)) {
      running = { hash, events: [], followers: running?.followers ?? new Set(), runs: (running?.runs ?? 0) + 1 };
      this.actions.set(id, running);
      void this.#run(id, request, running);
    }
    res.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const write = (event: ActionEvent) => {
      res.write(`${JSON.stringify(event)}\n`);
      if (event.type === 'result') res.end();
    };
    const done = running.events.find((event) => event.type === 'result');
    if (done !== undefined) write(done);
    else {
      const { followers } = running;
      followers.add(write);
      res.on('close', () => followers.delete(write));
      res.flushHeaders();
    }
  }

  async #run(id: string, request: ActionRequest, running: Running): Promise<void> {
    const emit = (event: ActionEvent) => {
      running.events.push(event);
      for (const follower of running.followers) follower(event);
    };
    await new Promise((resolve) => setImmediate(resolve)); // the first follower is there before the first event
    try {
      emit({ type: 'result', ok: true, result: await this.handler(request, emit, id) });
    } catch (error) {
      const known = error instanceof BerthError ? error : new BerthError('internal');
      const retryable = known.inside === 'retryable';
      emit({ type: 'result', ok: false, error: { code: known.code, detail: known.message, retryable } });
    }
  }
}

/** A fake agent with its own certification authority, and what a client of it needs. */
export async function startFakeAgent(hostId: string) {
  const pki = await testPki();
  const web = grantPair();
  const worker = grantPair();
  const agent = new FakeAgent(hostId, await pki.issue(identityUri.host(hostId)), {
    web: web.publicKey,
    worker: worker.publicKey,
  });
  await agent.start();
  return { agent, pki, web, worker, client: await pki.issue(identityUri.service('worker')) };
}
