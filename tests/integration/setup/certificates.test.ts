/** Certificates by the name that is asked for: real connections, files that change while it serves, and pairs that cannot be served. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { statePaths } from '#lib/settings.ts';
import { mergeConfig } from '#server/setup/configure.ts';
import { type SetupContext, serviceUids, setupContext } from '#server/setup/context.ts';
import { servedCertificates } from '#server/setup/doctor/tls.ts';
import { ensureDirectories } from '#server/setup/secrets.ts';
import { copyCertificates } from '#server/tls/copies.ts';
import { webServer } from '#server/tls/serve.ts';
import { selfSigned } from '#tests/support/certificates.ts';

type Pair = { certificate: string; key: string };
const [panel, acme, bolt] = ['panel.test', 'panel.acme.test', 'panel.bolt.test'];
const stateDir = mkdtempSync(join(tmpdir(), 'berth-tls-'));
const directory = join(stateDir, 'certificates');
const files = { certificate: join(stateDir, 'own.crt'), key: join(stateDir, 'own.key') };
const said: string[] = [];
const log = {
  info: (_: Record<string, unknown>, message: string) => void said.push(message),
  warn: (_: Record<string, unknown>, message: string) => void said.push(message),
};
let context: SetupContext;
let served: Awaited<ReturnType<typeof webServer>>;

const put = (name: string, { certificate, key }: Pair) => {
  writeFileSync(join(directory, `${name}.crt`), certificate);
  writeFileSync(join(directory, `${name}.key`), key);
};
const putOwn = ({ certificate, key }: Pair) => {
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, key);
};

/** The certificate that who asks for a name is shown, as they judge it: it must be this one, for this name, and an answer must come. */
function shown(name: string | undefined, trusted: Pair): Promise<string> {
  return new Promise((resolve) => {
    const { port } = served.server.address() as AddressInfo;
    const socket = connect({ host: '127.0.0.1', port, ca: trusted.certificate, ...(name && { servername: name }) });
    let text = '';
    socket.on('secureConnect', () => socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'));
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('utf8');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(/^HTTP\/1\.1 200 /.test(text) ? 'fits' : text));
  });
}
const soon = (name: string, trusted: Pair) =>
  expect.poll(() => shown(name, trusted), { timeout: 8_000, interval: 200 });

let own: Pair;
let ofAcme: Pair;
let ofBolt: Pair;

beforeAll(async () => {
  mkdirSync(directory);
  chmodSync(directory, 0o700);
  [own, ofAcme, ofBolt] = await Promise.all([selfSigned([panel]), selfSigned([acme]), selfSigned([bolt])]);
  putOwn(own);
  put('acme', ofAcme);
  const options = { tlsCert: files.certificate, tlsKey: files.key, tlsDir: directory, baseUrl: `https://${panel}` };
  context = setupContext(mergeConfig(undefined, options, false), stateDir, { NODE_ENV: 'test' });
  await ensureDirectories(context);
  expect(await copyCertificates(context)).toEqual({ changed: ['the panel’s own', 'acme'], faults: [] });
  const web = statePaths(stateDir).role('web');
  const tls = { certificateFile: join(web, 'tls.crt'), keyFile: join(web, 'tls.key') };
  served = await webServer(tls, {}, (_, response) => response.end('hello'), log);
  await new Promise<void>((resolve) => served.server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  served?.stop();
  served?.server.close();
  rmSync(stateDir, { recursive: true, force: true });
});

it('a name is shown its own certificate, every other the panel’s', async () => {
  expect(await shown(acme, ofAcme)).toBe('fits');
  expect(await shown(acme.toUpperCase(), ofAcme)).toBe('fits');
  expect(await shown(acme, own)).not.toBe('fits');
  expect(await shown(panel, own)).toBe('fits');
  expect(await shown(bolt, own)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await shown(`x.${acme}`, own)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  // Copies are the web's alone.
  const copy = statSync(join(statePaths(stateDir).role('web'), 'sni-acme.json'));
  expect(copy.mode & 0o777).toBe(0o400);
  if (process.getuid?.() === 0) expect(copy.uid).toBe(serviceUids.web);
});

it('what is added, renewed and removed is served without a restart', async () => {
  mkdirSync(join(directory, bolt));
  writeFileSync(join(directory, bolt, 'fullchain.pem'), ofBolt.certificate);
  writeFileSync(join(directory, bolt, 'privkey.pem'), ofBolt.key);
  writeFileSync(join(directory, 'README'), 'as certbot leaves one');
  const renewed = await selfSigned([acme, '*.acme.test'], 90);
  put('acme', renewed);
  const newOwn = await selfSigned([panel], 90);
  putOwn(newOwn);
  expect((await copyCertificates(context)).changed.sort()).toEqual(['acme', bolt, 'the panel’s own'].sort());
  expect((await copyCertificates(context)).changed).toEqual([]);
  await soon(bolt, ofBolt).toBe('fits');
  await soon(acme, renewed).toBe('fits');
  expect(await shown(acme, ofAcme)).not.toBe('fits');
  expect(await shown('other.acme.test', renewed)).toBe('fits');
  expect(await shown('a.b.acme.test', newOwn)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  await soon(panel, newOwn).toBe('fits');
  rmSync(join(directory, bolt), { recursive: true });
  expect((await copyCertificates(context)).changed).toEqual([bolt]);
  await soon(bolt, newOwn).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  [own, ofAcme] = [newOwn, renewed];
});

it('a pair that cannot be served leaves the one before, and doctor says which and why', async () => {
  const before = readFileSync(join(statePaths(stateDir).role('web'), 'sni-acme.json'), 'utf8');
  const wrongKey = (await selfSigned([acme])).key;
  const nameless = await selfSigned([]);
  put('acme', { ...ofAcme, key: wrongKey });
  put('cut', { ...ofBolt, certificate: ofBolt.certificate.slice(0, 200) });
  put('nameless', nameless);
  writeFileSync(join(directory, 'half.crt'), ofBolt.certificate);
  put('old', await selfSigned(['old.test'], -2));
  writeFileSync(files.key, wrongKey);
  const { changed, faults } = await copyCertificates(context);
  expect(changed).toEqual(['old']);
  const expected = [
    ['the panel’s own', 'the key is not the certificate’s'],
    ['acme', 'the key is not the certificate’s'],
    ['cut', 'the certificate cannot be read'],
    ['half', 'half.key is missing'],
    ['nameless', 'the certificate says no host name'],
  ];
  expect(faults.map(({ name, fault }) => [name, fault])).toEqual(expected);
  expect(readFileSync(join(statePaths(stateDir).role('web'), 'sni-acme.json'), 'utf8')).toBe(before);
  // Taken up with the expired one: then it has looked at all of them.
  await expect.poll(() => said.at(-1), { timeout: 8_000 }).toBe('certificates by name');
  await soon('old.test', own).not.toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(await shown(acme, ofAcme)).toBe('fits');
  expect(await shown(panel, own)).toBe('fits');
  const checks = (await servedCertificates(context)).filter((check) => !check.ok);
  expect(checks.map(({ id, found }) => [id, found])).toEqual([
    ['tls', 'the panel’s own: the key is not the certificate’s'],
    ...expected.slice(1).map(([name, fault]) => [`tls-${name}`, `${name}: ${fault}`]),
    ['tls-old', 'old: expired 2 days ago'],
  ]);
});

it('a directory that cannot be read takes nobody’s certificate away; one that is taken back does', async () => {
  putOwn(own);
  const away = { ...context, config: { ...context.config, tls: { ...files, directory: join(stateDir, 'nowhere') } } };
  expect((await copyCertificates(away)).faults).toMatchObject([{ name: join(stateDir, 'nowhere') }]);
  expect((await servedCertificates(away)).map(({ id, ok }) => [id, ok])).toEqual([
    ['tls', true],
    ['tls-directory', false],
  ]);
  expect(await shown(acme, ofAcme)).toBe('fits');
  const none = { ...context, config: mergeConfig(context.config, { tlsDir: '' }, false) };
  expect(none.config.tls).toEqual(files);
  expect((await copyCertificates(none)).changed.sort()).toEqual(['acme', 'old']);
  await soon(acme, own).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect(() => mergeConfig(undefined, { tlsDir: directory }, false)).toThrow('--tls-cert and --tls-key belong to it');
});
