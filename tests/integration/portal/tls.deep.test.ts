/**
 * The web process whole, as `up --tls-cert --tls-key --tls-dir` leaves it, with root's own process beside it: whom browsers meet under which name, and
 * what becomes of files that are renewed or broken while it serves.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setAuthConfig } from '#lib/auth/config.ts';
import { setBrand } from '#lib/brands/change.ts';
import { addHost, proveHost, setTxtResolver } from '#lib/brands/hosts.ts';
import { statePaths } from '#lib/settings.ts';
import { nodeBinary, repoDir } from '#server/setup/context.ts';
import { selfSigned } from '#tests/support/certificates.ts';
import { actorFor } from '#tests/support/portal.ts';
import { startSite, type TestSite } from '#tests/support/web.ts';

type Pair = { certificate: string; key: string };
const password = 'correct horse battery';
/** `bolt` has a certificate, and nobody has proven the name. */
const [panel, acme, bolt, nobody] = ['panel.test', 'panel.acme.test', 'panel.bolt.test', 'nobody.test'];
const scratch = mkdtempSync(join(tmpdir(), 'berth-tls-web-'));
const directory = join(scratch, 'certificates');
const files = { certificate: join(scratch, 'own.crt'), key: join(scratch, 'own.key') };
let site: TestSite;
let own: Pair;
let ofAcme: Pair;
let ofBolt: Pair;

const putOwn = ({ certificate, key }: Pair) => {
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key);
};
/** As certbot has them. */
const put = (name: string, { certificate, key }: Pair) => {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'fullchain.pem'), certificate);
  writeFileSync(join(directory, name, 'privkey.pem'), key);
};

beforeAll(async () => {
  mkdirSync(directory);
  [own, ofAcme, ofBolt] = await Promise.all([selfSigned([panel]), selfSigned([acme]), selfSigned([bolt])]);
  putOwn(own);
  put(acme, ofAcme);
  put(bolt, ofBolt);
  site = await startSite(password, { host: panel, tls: { ...files, directory } });
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: site.web.baseUrl });
  const reseller = actorFor(site.world, 'reseller');
  const claimed = await addHost(reseller, site.world.ids.reseller, { host: acme });
  setTxtResolver(async () => [[claimed.record.value]]);
  await proveHost(reseller, site.world.ids.reseller, claimed.id);
  await setBrand(reseller, site.world.ids.reseller, {
    ...{ productName: 'Acme Cloud', supportUrl: null, legalUrl: null, signInText: '', colours: null },
    ...{ sender: null, mails: {}, language: null },
  });
}, 600_000);
afterAll(async () => {
  await site?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

type Asked = Pick<RequestOptions, 'method' | 'headers' | 'rejectUnauthorized'> & { body?: unknown; host?: string };
/** Over a connection of its own that judges the certificate as a browser does, with `trusted` for authority; or by which fault there is no answer. */
function ask(name: string | undefined, path: string, trusted: Pair, { body, host, headers, ...rest }: Asked = {}) {
  const { port } = site.web;
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string } | string>((resolve) => {
    const sent = request({
      ...{ host: '127.0.0.1', port, path, agent: false, ca: trusted.certificate, servername: name ?? '', ...rest },
      headers: { host: `${host ?? name}:${port}`, ...headers },
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.on('response', async (answer) => {
      let text = '';
      for await (const part of answer.setEncoding('utf8')) text += part;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
    });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const asPage = { headers: { accept: 'text/html' } };
/** `fits`, or by which fault a browser turns away. */
const shown = async (name: string, trusted: Pair) => {
  const answer = await ask(name, '/healthz', trusted);
  return typeof answer === 'string' ? answer : answer.status === 200 ? 'fits' : `${answer.status}`;
};
/** The web looks every two seconds. */
const soon = (name: string, trusted: Pair) =>
  expect.poll(() => shown(name, trusted), { timeout: 15_000, interval: 200 });

/** A program of this installation. `until`: it is ended when it has said this. */
async function program(argv: readonly string[], until?: string): Promise<string> {
  const child = spawn(nodeBinary, ['--disable-warning=ExperimentalWarning', ...argv], {
    cwd: repoDir,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', BERTH_STATE: site.web.stateDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text;
    if (until !== undefined && said.includes(until)) child.kill('SIGTERM');
  }
  await ended;
  return said;
}
/** Root's own process takes its first turn at its start, and then one a minute. */
const keeperUntil = (said: string) => program([join(repoDir, 'server/keeper.ts')], said);
async function doctorOf(id: string): Promise<{ ok: boolean; found: string } | undefined> {
  const said = await program([join(repoDir, 'cli/main.ts'), 'doctor', '--json']);
  return (JSON.parse(said) as { checks: { id: string; ok: boolean; found: string }[] }).checks.find(
    (check) => check.id === id,
  );
}

it('under each name its own certificate, and its own pages', async () => {
  const page = await ask(panel, '/sign-in', own, asPage);
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('Berth') });
  expect(page).toMatchObject({ headers: { 'strict-transport-security': expect.any(String) } });
  const branded = await ask(acme, '/sign-in', ofAcme, asPage);
  expect(branded).toMatchObject({ status: 200, text: expect.stringContaining('Acme Cloud') });
  expect(branded).not.toMatchObject({ text: expect.stringContaining('Berth') });
  expect(await shown(acme, own)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await shown(panel, ofAcme)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');

  const session = {
    ...{ method: 'POST', body: { email: site.world.people.ownerA.email, password } },
    headers: { 'content-type': 'application/json', origin: site.web.baseUrl },
  };
  expect(await ask(panel, '/api/v1/session', own, session)).toMatchObject({
    status: 204,
    headers: { 'set-cookie': expect.arrayContaining([expect.stringMatching(/^__Host-berth-session=.*; Secure/i)]) },
  });
});

it('under a name that is nobody’s the panel’s certificate, and an answer that says nothing', async () => {
  const nothing = { status: 421, text: 'There is nothing under this name.\n' };
  expect(await ask(nobody, '/sign-in', own, asPage)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const anyway = { ...asPage, rejectUnauthorized: false };
  const answer = await ask(nobody, '/sign-in', own, anyway);
  expect(answer).toMatchObject(nothing);
  const said = typeof answer === 'string' ? [] : Object.keys(answer.headers);
  expect(said.filter((header) => !['date', 'connection', 'transfer-encoding'].includes(header)).sort()).toEqual([
    ...['cache-control', 'content-type', 'x-content-type-options'],
  ]);
  expect(await ask(undefined, '/sign-in', own, { ...anyway, host: '192.0.2.1' })).toMatchObject(nothing);
  // A certificate alone makes nobody of a name.
  expect(await ask(bolt, '/sign-in', ofBolt, asPage)).toMatchObject(nothing);
  expect(await ask(acme, '/sign-in', ofAcme, { ...asPage, host: bolt })).toMatchObject(nothing);
});

/** A connection that is there, and is asked on and on: the server would let an idle one go. `end` gives how often it answered, or why it no longer does. */
async function busy(name: string, { certificate }: Pair) {
  const socket = connect({ host: '127.0.0.1', port: site.web.port, ca: certificate, servername: name });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  let answers = 0;
  let fault: string | undefined;
  let on = true;
  const ask = () => socket.write(`GET /healthz HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
  socket.on('data', (bytes: Buffer) => {
    if (!bytes.toString('utf8').startsWith('HTTP/1.1 200 OK')) return;
    answers += 1;
    setTimeout(() => on && ask(), 200);
  });
  socket.on('error', (error) => {
    fault = error.message;
  });
  socket.on('close', () => {
    if (on) fault ??= 'it was cut';
  });
  ask();
  await expect.poll(() => answers, { timeout: 10_000 }).toBeGreaterThan(0);
  return {
    answers: () => answers,
    end: () => {
      on = false;
      socket.destroy();
      return fault;
    },
  };
}

it('renewed files are served without a restart, and no connection is cut', async () => {
  const open = await busy(acme, ofAcme);
  const [renewed, newOwn] = await Promise.all([selfSigned([acme], 90), selfSigned([panel], 90)]);
  put(acme, renewed);
  putOwn(newOwn);
  expect(await keeperUntil('certificates of the operator')).toContain(`"changed":["the panel’s own","${acme}"]`);
  await soon(acme, renewed).toBe('fits');
  await soon(panel, newOwn).toBe('fits');
  expect(await shown(acme, ofAcme)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(await shown(bolt, ofBolt)).toBe('fits');
  const before = open.answers();
  await expect.poll(open.answers, { timeout: 10_000 }).toBeGreaterThan(before + 1);
  expect(open.end()).toBe(undefined);
  expect(site.web.process.exitCode).toBe(null);
  [own, ofAcme] = [newOwn, renewed];
});

it('a broken file keeps the one before, the log and doctor say it, and a whole one is taken up', async () => {
  const broken = await selfSigned([acme], 120);
  put(acme, { ...broken, key: ofAcme.key });
  const fault = 'the key is not the certificate’s';
  const said = await keeperUntil('certificates that cannot be served');
  expect(said).toContain(JSON.stringify({ name: acme, fault }));
  expect(said).not.toContain('PRIVATE KEY');
  expect(await shown(acme, ofAcme)).toBe('fits');
  expect(await doctorOf(`tls-${acme}`)).toMatchObject({ ok: false, found: `${acme}: ${fault}` });

  // A copy that breaks on its way is for the web itself to say: once, however often it looks.
  const copy = join(statePaths(site.web.stateDir).role('web'), `sni-${acme}.json`);
  writeFileSync(copy, readFileSync(copy, 'utf8').slice(0, 300));
  const told = () => site.web.log().split('a certificate cannot be served').length - 1;
  await expect.poll(told, { timeout: 15_000 }).toBe(1);
  expect(await shown(acme, ofAcme)).toBe('fits');

  put(acme, broken);
  expect(await keeperUntil('certificates of the operator')).toContain(`"changed":["${acme}"]`);
  await soon(acme, broken).toBe('fits');
  expect(told()).toBe(1);
  expect(site.web.log()).not.toContain('PRIVATE KEY');
  expect(await doctorOf(`tls-${acme}`)).toMatchObject({ ok: true });
  expect(await site.web.end()).toMatchObject({ code: 0 });
});
