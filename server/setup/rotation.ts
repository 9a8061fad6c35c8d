/** Renewal of the portal's own certificates and grant keys, while everything runs. Called by set-up and hourly by the keeper. */
import { generateKeyPairSync } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { certificateFor, issueServiceCert, needsRenewal } from '#lib/pki/ca.ts';
import { publicHalf, serialOf, signGrantKeySet } from '#lib/pki/grant-keys.ts';
import { type SetupContext, serviceUids } from './context.ts';
import { readIfThere, writeFileDurably } from './files.ts';

const dayMs = 86_400_000;
/** A key signs for so long; its successor is told to all hosts for so long before it signs, and it is good for so long after. */
const signsMs = 60 * dayMs;
const overlapMs = dayMs;
const roles = ['web', 'worker'] as const;
type PortalRole = (typeof roles)[number];

const Key = z.object({ pem: z.string(), since: z.iso.datetime(), retireAt: z.iso.datetime().optional() });
type Key = z.infer<typeof Key>;
const Keys = z.object({ web: z.array(Key), worker: z.array(Key) });

const need = async (file: string) => {
  const text = await readIfThere(file);
  if (text === undefined) throw new Error(`${file} is missing: run "./berth up".`);
  return text;
};

/** New certificates for web and worker where theirs are 60 days old; for the same keys, so that one file changes. */
export async function renewServiceCertificates(context: SetupContext, now = new Date()): Promise<PortalRole[]> {
  const { paths } = context;
  const authority = { certificate: await need(paths.caFile), key: await need(paths.caKeyFile) };
  const renewed: PortalRole[] = [];
  for (const role of roles) {
    const [certificateFile, keyFile] = ['service.crt', 'service.key'].map((name) => join(paths.role(role), name)) as [
      string,
      string,
    ];
    const own = { mode: 0o400, owner: serviceUids[role] };
    const [present, key] = [await readIfThere(certificateFile), await readIfThere(keyFile)];
    const good =
      present !== undefined && key !== undefined && !(await needsRenewal(present, authority.certificate, now));
    if (good && certificateFor(present, key)) continue;
    const made = await issueServiceCert(authority, role, now, key);
    if (made.key !== key) await writeFileDurably(keyFile, made.key, own);
    await writeFileDurably(certificateFile, made.certificate, own);
    renewed.push(role);
  }
  return renewed;
}

/**
 * Takes the change of each role's grant key a step further when it is time: a successor is made and told to the hosts; a day later
 * it signs; a day later the old one is good for nothing. The set that hosts are told is signed by the authority. Idempotent.
 */
export async function rotateGrantKeys(context: SetupContext, now = new Date()): Promise<void> {
  const { paths } = context;
  const text = await readIfThere(paths.grantKeys);
  const known = text === undefined ? { web: [], worker: [] } : Keys.parse(JSON.parse(text));
  const keys = {
    web: await step(context, 'web', known.web, now),
    worker: await step(context, 'worker', known.worker, now),
  };
  const pems = (role: PortalRole) => keys[role].map((key) => key.pem);
  const present = await readIfThere(paths.grantKeySet);
  const told = JSON.stringify({ web: known.web.map((key) => key.pem), worker: known.worker.map((key) => key.pem) });
  const set = { web: pems('web'), worker: pems('worker') };
  if (present === undefined || told !== JSON.stringify(set)) {
    // By the clock, so that a panel restored from an old copy is still above what its hosts have taken since.
    const serial = Math.max(now.getTime(), serialOf(present) + 1);
    const signed = await signGrantKeySet(await need(paths.caKeyFile), { serial, keys: set });
    await writeFileDurably(paths.grantKeySet, signed, { mode: 0o644 });
    for (const role of roles) {
      await writeFileDurably(paths.grantPublicKeys[role], pems(role).join(''), { mode: 0o644 });
    }
  }
  const fresh = `${JSON.stringify(keys, null, 2)}\n`;
  if (fresh !== text) await writeFileDurably(paths.grantKeys, fresh, { mode: 0o600 });
}

async function step(context: SetupContext, role: PortalRole, known: readonly Key[], now: Date): Promise<Key[]> {
  const directory = context.paths.role(role);
  const [signing, next] = [join(directory, 'grant.key'), join(directory, 'grant.next.key')];
  const at = now.toISOString();
  const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
  let keys = known.filter((key) => key.retireAt === undefined || key.retireAt > at);
  const current = publicHalf(await need(signing));
  if (!keys.some((key) => key.pem === current)) keys.push({ pem: current, since: at });
  const nextPem = await readIfThere(next);
  if (nextPem !== undefined) {
    const pem = publicHalf(nextPem);
    const announced = keys.find((key) => key.pem === pem);
    if (announced === undefined) keys.push({ pem, since: at });
    else if (Date.parse(announced.since) + overlapMs <= now.getTime()) {
      await rename(next, signing);
      keys = keys.map((key) =>
        key.pem === pem ? { pem, since: at } : { ...key, retireAt: key.retireAt ?? after(overlapMs) },
      );
    }
    return keys;
  }
  const since = keys.find((key) => key.pem === current)?.since ?? at;
  if (Date.parse(since) + signsMs > now.getTime()) return keys;
  const pair = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFileDurably(next, pair.privateKey, { mode: 0o400, owner: serviceUids[role] });
  return [...keys, { pem: pair.publicKey, since: at }];
}
