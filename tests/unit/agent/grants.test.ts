/** Everything that must not get through, against a whole agent over the simulator: refused, and with zero effects. */
import { request } from 'node:https';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { ClientIdentity } from '#lib/agent-client/connection.ts';
import { type ActionVerb, type GrantClaims, grantHeader } from '#lib/contract/agent.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { type GrantSigner, grantSigner } from '#lib/grants/sign.ts';
import { createCa, createRequest, issueHostCert, issueServiceCert } from '#lib/pki/ca.ts';
import { startTestAgent, type TestAgent } from '../../support/agent.ts';
import { grantPair } from '../../support/fake-agent.ts';

type Answer = { status: number; code: string | undefined; body: string };

let agent: TestAgent;
let template: TemplateRef;
let containerId: string;
beforeAll(async () => {
  agent = await startTestAgent('sim');
  template = await agent.template();
  ({ containerId } = await agent.container(template));
});
afterAll(() => agent?.cleanUp());

/** One raw request, so that every part of it can be wrong. */
function ask(what: {
  method?: string;
  path: string;
  identity?: Partial<ClientIdentity> | null;
  grant?: string;
  body?: unknown;
  maxVersion?: 'TLSv1.2';
}): Promise<Answer> {
  const { certificate: cert, key } = what.identity === null ? {} : (what.identity ?? agent.made.identities.worker);
  return new Promise((resolve, reject) => {
    const req = request(
      {
        host: '127.0.0.1',
        port: agent.port,
        path: what.path,
        method: what.method ?? 'PUT',
        ...(cert === undefined || key === undefined ? {} : { cert, key }),
        ...(what.maxVersion === undefined ? {} : { maxVersion: what.maxVersion }),
        ca: agent.made.ca.certificate,
        checkServerIdentity: () => undefined,
        agent: false,
        headers: {
          ...(what.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(what.grant === undefined ? {} : { [grantHeader]: what.grant }),
        },
      },
      (res) => {
        let body = '';
        res.on('data', (chunk) => {
          body += chunk;
        });
        res.on('end', () => {
          const code = /"code":"([a-z_]+)"/.exec(body)?.[1];
          resolve({ status: res.statusCode ?? 0, code, body });
        });
      },
    );
    req.on('error', reject);
    req.end(what.body === undefined ? undefined : JSON.stringify(what.body));
  });
}

const now = () => Math.floor(Date.now() / 1000);

/** A start order with a grant that is right in everything, and then changed by the test. */
function order(change: { claims?: Partial<GrantClaims>; body?: Record<string, unknown>; verb?: ActionVerb } = {}) {
  const id = `${uuidv7()}.1.start`;
  const verb = change.verb ?? 'container.start';
  const body = { verb, containerId, generation: 1, args: {}, secrets: {}, ...change.body };
  const claims: Omit<GrantClaims, 'iss'> = {
    aud: agent.hostId,
    sub: 'system',
    verb,
    containerId,
    generation: 1,
    operationId: null,
    argsHash: argsHash({ args: {}, secrets: {} }),
    jti: id,
    iat: now(),
    exp: now() + 300,
    ...change.claims,
  };
  return { path: `/v1/actions/${id}`, body, claims };
}

/** Sends it and checks that the agent did nothing and remembers nothing of it. */
async function refused(
  change: Parameters<typeof order>[0],
  how: { signer?: GrantSigner; identity?: ClientIdentity; code?: string } = {},
): Promise<void> {
  const { path, body, claims } = order(change);
  const grant = await (how.signer ?? agent.made.signers.worker).sign(claims);
  const before = await agent.inventory();
  const answer = await ask({ path, body, grant, identity: how.identity ?? agent.made.identities.worker });
  expect(answer).toMatchObject({ code: how.code ?? 'grant_refused' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await agent.inventory()).toEqual(before);
  const honest = await agent.made.signers.worker.sign({ ...order().claims, jti: path.split('/').at(-1) ?? '' });
  expect((await ask({ method: 'GET', path, grant: honest })).code).toBe('not_found');
}

describe('who may speak to an agent', () => {
  it('takes a right order (so that what follows means something)', async () => {
    const { path, body, claims } = order();
    const grant = await agent.made.signers.worker.sign(claims);
    const answer = await ask({ path, body, grant });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"ok":true');
    expect((await ask({ method: 'GET', path, grant })).body).toContain('"ok":true');
    await agent.act('container.stop', { containerId });
  });

  it('does not shake hands without a certificate, with a foreign authority’s, or below TLS 1.3', async () => {
    await expect(ask({ method: 'GET', path: '/healthz', identity: null })).rejects.toThrow();
    const foreign = await issueServiceCert(await createCa('other'), 'worker');
    await expect(ask({ method: 'GET', path: '/healthz', identity: foreign })).rejects.toThrow();
    await expect(ask({ method: 'GET', path: '/healthz', maxVersion: 'TLSv1.2' })).rejects.toThrow();
    expect((await ask({ method: 'GET', path: '/healthz' })).status).toBe(200);
  });

  it('takes no orders from another host of the same installation', async () => {
    const { csr, key } = await createRequest();
    const certificate = await issueHostCert(agent.made.ca, csr, uuidv7(), []);
    const { path, body, claims } = order();
    const grant = await agent.made.signers.worker.sign(claims);
    const answer = await ask({ path, body, grant, identity: { certificate, key } }).catch((error: Error) => error);
    expect(answer instanceof Error || answer.code === 'grant_refused').toBe(true);
  });
});

describe('grants', () => {
  it('are needed for everything but health', async () => {
    const { path, body } = order();
    for (const [method, where] of [
      ['PUT', path],
      ['GET', path],
      ['GET', '/v1/host'],
      ['GET', '/v1/inventory'],
      ['GET', `/v1/containers/${containerId}/log`],
      ['POST', `/v1/containers/${containerId}/exec/${uuidv7()}`],
      ['DELETE', `/v1/containers/${containerId}/console/${uuidv7()}`],
    ] as const) {
      const answer = await ask({ method, path: where, ...(method === 'PUT' || method === 'POST' ? { body } : {}) });
      expect([where, answer.code]).toEqual([where, 'grant_refused']);
    }
  });

  it('are refused for another host', () => refused({ claims: { aud: uuidv7() } }));
  it('are refused when expired', () => refused({ claims: { iat: now() - 400, exp: now() - 1 } }));
  it('are refused when issued in the future', () => refused({ claims: { iat: now() + 60, exp: now() + 90 } }));
  it('are refused when valid for too long', () => refused({ claims: { exp: now() + 301 } }));
  it('are refused for another verb', () => refused({ body: { verb: 'container.kill' } }));
  it('are refused for another container', () => refused({ claims: { containerId: uuidv7() } }));
  it('are refused for another generation', () => refused({ claims: { generation: 2 } }));
  it('are refused for another action id', () => refused({ claims: { jti: `${uuidv7()}.1.start` } }));
  it('are refused for altered arguments', () =>
    refused({
      verb: 'container.stop',
      claims: { argsHash: argsHash({ args: {}, secrets: {} }) },
      body: { args: { timeoutMs: 0 } },
    }));
  it('are refused for altered secrets', () => refused({ body: { secrets: { rootPassword: 'not what was granted' } } }));
  it('are refused when signed by a key of no one', () =>
    refused({}, { signer: grantSigner('worker', grantPair().privatePem) }));
  it('of web are refused for operations, whoever presents them', async () => {
    const { web, worker } = agent.made.identities;
    await refused({}, { signer: agent.made.signers.web, identity: web });
    await refused({}, { signer: agent.made.signers.web, identity: worker });
  });
  it('of the worker are refused when web presents them', () => refused({}, { identity: agent.made.identities.web }));
  it('of the worker are refused for exec and console', async () => {
    const execId = uuidv7();
    const body = { argv: ['true'], timeoutMs: 1000 };
    const { claims } = order({ claims: { verb: 'exec.run', jti: execId, argsHash: argsHash(body), exp: now() + 30 } });
    const grant = await agent.made.signers.worker.sign(claims);
    const path = `/v1/containers/${containerId}/exec/${execId}`;
    expect(await ask({ method: 'POST', path, body, grant })).toMatchObject({ code: 'grant_refused' });
  });
  it('without a signature are refused', async () => {
    const { path, body, claims } = order();
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const grant = `${part({ alg: 'none', kid: 'worker' })}.${part({ ...claims, iss: 'worker' })}.`;
    expect((await ask({ path, body, grant })).code).toBe('grant_refused');
  });

  it('of an older generation are stale', async () => {
    const older = order();
    await agent.act('container.stop', { containerId, generation: 7 });
    const grant = await agent.made.signers.worker.sign(older.claims);
    expect(await ask({ path: older.path, body: older.body, grant })).toMatchObject({ status: 409, code: 'stale' });
    expect((await agent.item(containerId))?.power).toBe('stopped');
    agent.nextGeneration();
    for (let reached = 2; reached < 7; reached += 1) agent.nextGeneration();
  });
});

describe('refusals', () => {
  it('of a body that is no order say where it is wrong and not what it was', async () => {
    const secrets = { rootPassword: 'short\u0007' };
    const { path, claims } = order({ claims: { generation: 7 } });
    const argsOf = { args: { hostname: 'fine' }, secrets };
    const body = { verb: 'container.access', containerId, generation: 7, ...argsOf };
    const grant = await agent.made.signers.worker.sign({
      ...claims,
      verb: 'container.access',
      argsHash: argsHash(argsOf),
    });
    const answer = await ask({ path, body, grant });
    expect(answer).toMatchObject({ status: 422, code: 'invalid' });
    expect(answer.body).toContain('secrets.rootPassword');
    expect(answer.body + agent.log).not.toContain('short\\u0007');
  });

  it('never put a secret or a grant into the log', async () => {
    const secrets = { rootPassword: 'a-password-to-look-for' };
    await agent.act('container.access', { containerId, generation: 7, secrets });
    const { path, body, claims } = order({ claims: { aud: uuidv7() } });
    const grant = await agent.made.signers.worker.sign(claims);
    await ask({ path, body, grant });
    expect(agent.log).toContain('for host');
    expect(agent.log).not.toContain('a-password-to-look-for');
    expect(agent.log).not.toContain(grant);
  });
});

describe('a console', () => {
  const connect = (sessionId: string, grant: string) =>
    new WebSocket(`wss://127.0.0.1:${agent.port}/v1/containers/${containerId}/console/${sessionId}`, {
      ...agent.connection('web').tlsOptions(),
      headers: { [grantHeader]: grant },
    });
  const claimsFor = (sessionId: string, change: Partial<GrantClaims> = {}) => ({
    ...order().claims,
    verb: 'console.open' as const,
    generation: 7,
    jti: sessionId,
    argsHash: argsHash({}),
    exp: now() + 30,
    ...change,
  });
  const outcome = (socket: WebSocket) =>
    new Promise<string>((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
      socket.on('error', (error) => resolve(error.message));
      let text = '';
      socket.on('message', (data) => {
        text += data.toString();
        if (text.includes('web-1')) resolve(text);
      });
    });

  it('opens with a grant for exactly that session, echoes, and replays what was on the screen', async () => {
    await agent.act('container.start', { containerId, generation: 7 });
    const sessionId = uuidv7();
    const grant = await agent.made.signers.web.sign(claimsFor(sessionId));
    const first = connect(sessionId, grant);
    expect(await outcome(first)).toContain('root@web-1');
    first.send(JSON.stringify({ type: 'resize', cols: 100, rows: 30 }));
    first.send(Buffer.from('echo over the wire\r'));
    await new Promise<void>((resolve) =>
      first.on('message', (data) => {
        if (data.toString().includes('over the wire\r\n')) resolve();
      }),
    );
    first.close();
    const second = connect(sessionId, grant);
    expect(await outcome(second)).toContain('over the wire');
    second.close();
  });

  it('does not open for another session, a stopped container or with a worker’s grant', async () => {
    const sessionId = uuidv7();
    const other = await agent.made.signers.web.sign(claimsFor(uuidv7()));
    expect(await outcome(connect(sessionId, other))).toBe('403');
    const workers = await agent.made.signers.worker.sign(claimsFor(sessionId));
    expect(await outcome(connect(sessionId, workers))).toBe('403');
    await agent.act('container.kill', { containerId, generation: 7 });
    const right = await agent.made.signers.web.sign(claimsFor(sessionId));
    expect(await outcome(connect(sessionId, right))).toBe('409');
  });
});
