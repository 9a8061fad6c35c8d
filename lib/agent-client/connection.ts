import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { contractHeader, contractVersion, grantHeader } from '#lib/contract/agent.ts';
import { identityUri } from '#lib/contract/agent-trust.ts';
import { BerthError, Problem } from '#lib/contract/errors.ts';
import { AgentClock } from './clock.ts';

/** Our side of mutual TLS: PEM texts of the client certificate, its key, and the installation's CA. */
export type ClientIdentity = { certificate: string; key: string; ca: string };

export type AgentAddress = { hostId: string; address: string };

export type AgentRequest = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: string;
  grant?: string;
  body?: string;
  /** In place of `body`: sent as it comes, with this type. When it fails, so does the exchange. */
  stream?: AsyncIterable<Uint8Array>;
  type?: string;
  /** Ends the whole exchange; the connection is dropped. */
  signal?: AbortSignal;
};

/** The request never reached the agent, or its answer never reached us. `sent` tells which, as far as can be known. */
export class UnreachableError extends BerthError {
  readonly sent: boolean;

  constructor(hostId: string, cause: unknown, sent: boolean) {
    super('host_unreachable', 'The server does not answer.', { inside: `agent of host ${hostId}`, cause });
    this.name = 'UnreachableError';
    this.sent = sent;
  }
}

const connectTimeoutMs = 2_000;
const maxAnswerBytes = 16 * 1024 * 1024;

/** One agent: its keep-alive connections and its clock. */
export class AgentConnection {
  readonly hostId: string;
  readonly clock = new AgentClock();
  readonly #base: URL;
  readonly #pool: Agent;
  readonly #identity: ClientIdentity;

  constructor(target: AgentAddress, identity: ClientIdentity) {
    this.hostId = target.hostId;
    this.#base = new URL(target.address);
    this.#identity = identity;
    this.#pool = new Agent({ keepAlive: true, maxFreeSockets: 8, ...this.tlsOptions() });
  }

  get address(): string {
    return this.#base.href;
  }

  /** For connections that are not plain requests (WebSocket): the same identity and the same check of theirs. */
  tlsOptions() {
    const { certificate: cert, key, ca } = this.#identity;
    return {
      cert,
      key,
      ca,
      minVersion: 'TLSv1.3' as const,
      checkServerIdentity: (_name: string, peer: PeerCertificate) => this.#checkPeer(peer),
    };
  }

  /** Resolves with the answer's head; the body is still to be read. Any status is an answer. */
  async send(what: AgentRequest): Promise<IncomingMessage> {
    const sentAtMs = Date.now();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      let connected = false;
      const options: RequestOptions = {
        agent: this.#pool,
        method: what.method,
        headers: {
          ...(what.grant === undefined ? {} : { [grantHeader]: what.grant }),
          ...(what.body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(what.body) }),
          ...(what.type === undefined ? {} : { 'content-type': what.type }),
        },
        ...(what.signal === undefined ? {} : { signal: what.signal }),
      };
      const req = request(new URL(what.path, this.#base), options, resolve);
      req.on('socket', (socket) => {
        if (!socket.connecting) {
          connected = true;
          return;
        }
        const timer = setTimeout(() => req.destroy(new Error('connect timed out')), connectTimeoutMs);
        (socket as TLSSocket).once('secureConnect', () => {
          connected = true;
          clearTimeout(timer);
        });
        socket.once('close', () => clearTimeout(timer));
      });
      req.on('error', (error) => reject(new UnreachableError(this.hostId, error, connected)));
      if (what.stream === undefined) req.end(what.body);
      // A refusal may come before all is sent; the answer tells then, not that nobody took the rest.
      else pipeline(Readable.from(what.stream), req).catch((error: unknown) => req.destroy(error as Error));
    });
    const header = answer.headers['berth-time'];
    this.clock.learn(typeof header === 'string' ? header : undefined, sentAtMs, Date.now());
    this.#refuseStranger(Number(answer.headers[contractHeader] ?? 1));
    return answer;
  }

  /** An agent more than one version of the contract away is asked nothing: it might understand something else. */
  #refuseStranger(contract: number): void {
    if (Math.abs(contract - contractVersion) <= 1) return;
    throw new BerthError('host_unreachable', 'The server runs a version too far from that of the panel.', {
      inside: `agent of host ${this.hostId} speaks contract ${contract}, we ${contractVersion}`,
    });
  }

  /** The whole answer as text. A problem answer is thrown as a BerthError of the agent's code. */
  async text(what: AgentRequest): Promise<string> {
    const answer = await this.send(what);
    const body = await this.readAll(answer);
    if (answer.statusCode !== undefined && answer.statusCode >= 200 && answer.statusCode < 300) return body;
    throw problemError(answer.statusCode, body);
  }

  /** Reads a body to its end, at most 16 MiB. */
  async readAll(answer: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxAnswerBytes) throw new Error('the answer is too large');
        chunks.push(chunk);
      }
    } catch (error) {
      throw new UnreachableError(this.hostId, error, true);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Learns the agent's clock if nothing has been heard of it yet. */
  async greet(signal?: AbortSignal): Promise<void> {
    if (this.clock.known) return;
    await this.text({ method: 'GET', path: '/healthz', ...(signal === undefined ? {} : { signal }) });
  }

  /** Keeps no idle connection from now on; exchanges under way end in peace. */
  retire(): void {
    // A socket that becomes free is kept only up to this number.
    this.#pool.maxFreeSockets = 0;
    for (const sockets of Object.values(this.#pool.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }

  close(): void {
    this.#pool.destroy();
  }

  /** The name in the address says nothing (it may be an IP): what counts is the host's identity under our own CA. */
  #checkPeer(peer: PeerCertificate): Error | undefined {
    const wanted = `URI:${identityUri.host(this.hostId)}`;
    const names = (peer.subjectaltname ?? '').split(', ');
    return names.includes(wanted) ? undefined : new Error(`the certificate is not that of host ${this.hostId}`);
  }
}

/** The agent's problem answer as an error. An answer that is not a problem says nothing we would pass on. */
export function problemError(status: number | undefined, body: string): BerthError {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = null;
  }
  const problem = Problem.safeParse(value);
  if (problem.success) return new BerthError(problem.data.code, problem.data.detail);
  return new BerthError('internal', undefined, { inside: `agent answered ${status}: ${body.slice(0, 500)}` });
}
