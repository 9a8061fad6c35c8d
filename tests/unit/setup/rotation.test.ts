import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { GrantVerifier } from '#agent/http/grants.ts';
import { readKeySet, takeKeySet } from '#agent/identity.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { createCa, needsRenewal } from '#lib/pki/ca.ts';
import { signGrantKeySet } from '#lib/pki/grant-keys.ts';
import { mergeConfig } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { renewServiceCertificates, rotateGrantKeys } from '#server/setup/rotation.ts';
import { ensureDirectories, ensureSecrets } from '#server/setup/secrets.ts';

const hostId = uuidv7();
const day = 86_400_000;
const start = Date.now();
let context: SetupContext;
let host: {
  hostId: string;
  identity: Record<'certificate' | 'key' | 'ca', string>;
  grantKeys: Record<'web' | 'worker', string>;
};

beforeEach(async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'berth-rotation-'));
  context = setupContext(mergeConfig(undefined, {}, false), stateDir, { NODE_ENV: 'test' });
  await ensureDirectories(context);
  await ensureSecrets(context);
  const own = (name: string) => join(stateDir, 'agent', name);
  host = {
    hostId,
    identity: { certificate: own('host.pem'), key: own('host.key'), ca: context.paths.caFile },
    grantKeys: { web: own('web.pem'), worker: own('worker.pem') },
  };
  for (const role of ['web', 'worker'] as const) {
    writeFileSync(host.grantKeys[role], readFileSync(context.paths.grantPublicKeys[role]));
  }
});
afterEach(() => rmSync(context.stateDir, { recursive: true, force: true }));

const told = () => readFileSync(context.paths.grantKeySet, 'utf8');
const privateKey = () => readFileSync(join(context.paths.role('worker'), 'grant.key'), 'utf8');
const at = (days: number) => new Date(start + days * day);

/** Whether a host that took what it was told last takes a grant signed by this key. */
async function taken(key: string): Promise<boolean> {
  const grants = new GrantVerifier(host, (await readKeySet(host))?.keys);
  const seconds = Math.floor(Date.now() / 1000);
  const token = await grantSigner('worker', key).sign({
    ...{ aud: hostId, sub: 'system', verb: 'inventory.read', containerId: null, generation: null, operationId: null },
    ...{ argsHash: argsHash({}), jti: uuidv7(), iat: seconds, exp: seconds + 20 },
  });
  const demand = { verb: 'inventory.read', containerId: null, args: {} } as const;
  return grants.verify(token, 'worker', demand).then(
    () => true,
    () => false,
  );
}

it('changes a grant key so that at no moment a grant in use is refused, also by a host that hears of it late', async () => {
  const first = privateKey();
  const initial = told();
  await rotateGrantKeys(context, at(30));
  expect([privateKey(), told()]).toEqual([first, initial]);

  await rotateGrantKeys(context, at(60.5));
  expect(privateKey()).toBe(first);
  expect(told()).not.toBe(initial);
  expect(await taken(first)).toBe(true);
  await takeKeySet(host, told());
  expect(await taken(first)).toBe(true);
  const announced = told();
  await rotateGrantKeys(context, at(61));
  expect([privateKey(), told()]).toEqual([first, announced]);

  await rotateGrantKeys(context, at(62));
  const second = privateKey();
  expect(second).not.toBe(first);
  expect(told()).toBe(announced);
  expect([await taken(first), await taken(second)]).toEqual([true, true]);

  await rotateGrantKeys(context, at(63.5));
  expect(told()).not.toBe(announced);
  await takeKeySet(host, told());
  expect([await taken(first), await taken(second)]).toEqual([false, true]);

  // A host that slept through two changes takes the newest set at once, and an old one no more.
  for (const days of [125, 126.5, 128]) await rotateGrantKeys(context, at(days));
  await takeKeySet(host, told());
  expect([await taken(second), await taken(privateKey())]).toEqual([false, true]);
  await expect(takeKeySet(host, announced)).rejects.toMatchObject({ code: 'stale' });
  const other = await createCa('other');
  const forged = await signGrantKeySet(other.key, { serial: 9e15, keys: { web: ['x'], worker: ['x'] } });
  await expect(takeKeySet(host, forged)).rejects.toMatchObject({ code: 'invalid' });
  expect(await taken(privateKey())).toBe(true);
});

it('renews certificates of web and worker from the 60th day on, for the same key, and mends one that was lost', async () => {
  const file = (role: 'web' | 'worker', name: string) => join(context.paths.role(role), name);
  const read = (name: string) => readFileSync(file('web', name), 'utf8');
  const [certificate, key] = [read('service.crt'), read('service.key')];
  expect(await renewServiceCertificates(context, at(59))).toEqual([]);
  expect(await renewServiceCertificates(context, at(60.1))).toEqual(['web', 'worker']);
  expect(read('service.key')).toBe(key);
  expect(read('service.crt')).not.toBe(certificate);
  const ca = readFileSync(context.paths.caFile, 'utf8');
  expect(await needsRenewal(read('service.crt'), ca, at(119))).toBe(false);
  rmSync(file('web', 'service.key'));
  expect(await renewServiceCertificates(context, at(60.2))).toEqual(['web']);
  expect(read('service.key')).not.toBe(key);
});
