import { readFileSync } from 'node:fs';
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import type { z } from 'zod';
import { Problem } from '#lib/contract/errors.ts';
import { Operation } from '#lib/contract/operations.ts';

/** The portal's REST interface as set-up uses it: with a bearer token, from the machine itself. */
export type PortalApi = {
  call<T extends z.ZodType>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    response: T,
    body?: unknown,
  ): Promise<z.infer<T>>;
  /** Asks for an operation. One that already does the same, as of a set-up that was interrupted, is as good. */
  begin(path: string, body: unknown): Promise<Operation>;
  /** Waits until the operation has ended well. Rejects with what went wrong. `say` hears new progress. */
  finish(operation: Operation, timeoutMs: number, say?: (line: string) => void): Promise<Operation>;
};

class Refusal extends Error {
  readonly problem: Problem | undefined;

  constructor(method: string, path: string, status: number, text: string) {
    super(`The portal answered ${status} to ${method} ${path}: ${text.slice(0, 500)}`);
    this.problem = problemIn(text);
  }
}

/** What it says is wrong, when it says so in its own way: a proxy before it may not. */
function problemIn(text: string): Problem | undefined {
  try {
    return Problem.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * `connectTo` is where the portal listens; `baseUrl` is what it is called (its Host header, and the name in its
 * certificate): on its own machine the two differ behind a proxy.
 */
export function portalApi(target: { connectTo: string; baseUrl: string; token?: string; caFile?: string }): PortalApi {
  const to = new URL(target.connectTo);
  const base = new URL(target.baseUrl);

  function exchange(method: string, path: string, body: string | undefined): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const send = to.protocol === 'https:' ? secure : plain;
      const request = send(
        new URL(`/api/v1${path}`, to),
        {
          method,
          timeout: 30_000,
          // A kept connection may be to a web process that was replaced meanwhile.
          agent: false,
          headers: {
            host: base.host,
            accept: 'application/json',
            ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          },
          ...(to.protocol === 'https:' && isIP(base.hostname) === 0 ? { servername: base.hostname } : {}),
          // Our own certificate is trusted as it is, whoever issued it.
          ...(target.caFile === undefined
            ? {}
            : { ca: [...rootCertificates, readFileSync(target.caFile, 'utf8')], allowPartialTrustChain: true }),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', reject);
        },
      );
      request.on('timeout', () => request.destroy(new Error(`the portal does not answer ${method} ${path}`)));
      request.on('error', reject);
      request.end(body);
    });
  }

  const api: PortalApi = {
    async call(method, path, response, body) {
      const { status, text } = await exchange(method, path, body === undefined ? undefined : JSON.stringify(body));
      if (status < 200 || status > 299) throw new Refusal(method, path, status, text);
      return response.parse(JSON.parse(text));
    },
    async begin(path, body) {
      try {
        return await api.call('POST', path, Operation, body);
      } catch (error) {
        if (!(error instanceof Refusal) || error.problem?.code !== 'already') throw error;
        return await api.call('GET', `/operations/${error.problem.operationId}`, Operation);
      }
    },
    async finish(operation, timeoutMs, say = () => undefined) {
      const deadline = Date.now() + timeoutMs;
      let said = '';
      for (let current = operation; ; ) {
        if (current.state === 'succeeded') return current;
        if (current.state === 'failed' || current.state === 'cancelled' || current.state === 'stuck') {
          throw new Error(`${current.kind} ${current.state}: ${current.error?.detail ?? current.evidence.join('; ')}`);
        }
        const step = current.steps.find((item) => item.state === 'running');
        const progress = step?.message ?? '';
        if (progress !== '' && progress !== said) say(progress);
        said = progress;
        if (Date.now() > deadline)
          throw new Error(`${current.kind} is still ${current.state} after ${timeoutMs / 1000} s`);
        await sleep(300);
        current = await api.call('GET', `/operations/${operation.id}`, Operation);
      }
    },
  };
  return api;
}
