import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createCa } from '#lib/pki/ca.ts';
import { RoleSecrets } from '#lib/settings.ts';
import { copyCertificates, defaultName } from '../tls/copies.ts';
import { type SetupContext, serviceUids } from './context.ts';
import { ensureDirectory, readIfThere, writeFileDurably } from './files.ts';
import { renewServiceCertificates, rotateGrantKeys } from './rotation.ts';

const password = () => randomBytes(24).toString('base64url');
const key32 = () => randomBytes(32).toString('base64');

/** Everything random of an installation, in one root-only file; the roles' files are derived from it and can be made anew. */
const MasterSecrets = z.object({
  authSecret: z.string(),
  sealKey: z.string(),
  kek: z.string(),
  recoveryPassword: z.string(),
  databasePasswords: z.object({ owner: z.string(), web: z.string(), worker: z.string() }),
});
export type MasterSecrets = z.infer<typeof MasterSecrets>;

/** Makes the state directory's skeleton with the modes that keep roles apart. */
export async function ensureDirectories({ stateDir, paths }: SetupContext): Promise<void> {
  await ensureDirectory(stateDir, 0o711);
  await ensureDirectory(paths.secrets, 0o711);
  await ensureDirectory(paths.role('web'), 0o700, serviceUids.web);
  await ensureDirectory(paths.role('worker'), 0o700, serviceUids.worker);
  await ensureDirectory(paths.role('owner'), 0o700);
  await ensureDirectory(join(stateDir, 'pki'), 0o755);
  await ensureDirectory(paths.run, 0o711);
  await ensureDirectory(paths.log, 0o700);
  // The agent decides on the mode of its own directory.
  await mkdir(paths.agentDir, { recursive: true, mode: 0o700 });
  await ensureDirectory(paths.backups, 0o700);
}

export async function readMaster(context: SetupContext): Promise<MasterSecrets> {
  const text = await readIfThere(join(context.paths.secrets, 'master.json'));
  if (text === undefined) throw new Error('There are no secrets yet: run "./berth up".');
  return MasterSecrets.parse(JSON.parse(text));
}

async function ensureMaster(context: SetupContext): Promise<MasterSecrets> {
  const file = join(context.paths.secrets, 'master.json');
  const text = await readIfThere(file);
  if (text !== undefined) return MasterSecrets.parse(JSON.parse(text));
  const made: MasterSecrets = {
    authSecret: randomBytes(48).toString('base64url'),
    sealKey: key32(),
    kek: key32(),
    recoveryPassword: password(),
    databasePasswords: { owner: password(), web: password(), worker: password() },
  };
  await writeFileDurably(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  return made;
}

/** The address with which a role reaches the database: our cluster on loopback, or the external server with that role. */
export function databaseUrl(context: SetupContext, role: 'owner' | 'web' | 'worker', master: MasterSecrets): string {
  const { externalDatabaseUrl, config } = context;
  if (externalDatabaseUrl !== undefined) {
    if (role === 'owner') return externalDatabaseUrl;
    const url = new URL(externalDatabaseUrl);
    url.username = `berth_${role}`;
    url.password = master.databasePasswords[role];
    return url.href;
  }
  return `postgresql://berth_${role}:${master.databasePasswords[role]}@127.0.0.1:${config.postgresPort}/berth`;
}

async function ensureAuthority({ paths, config }: SetupContext): Promise<void> {
  await takeFromWeb(paths);
  const [certificate, key] = [await readIfThere(paths.caFile), await readIfThere(paths.caKeyFile)];
  if (certificate !== undefined && key !== undefined) return;
  const made = await createCa(config.name);
  await writeFileDurably(paths.caKeyFile, made.key, { mode: 0o400, owner: serviceUids.worker });
  // Last: without the certificate the next run makes both anew.
  await writeFileDurably(paths.caFile, made.certificate, { mode: 0o644 });
}

/** The authority's key was the web's once. */
async function takeFromWeb(paths: SetupContext['paths']): Promise<void> {
  const old = join(paths.role('web'), 'ca.key');
  const key = await readIfThere(old);
  if (key === undefined) return;
  await writeFileDurably(paths.caKeyFile, key, { mode: 0o400, owner: serviceUids.worker });
  await rm(old);
}

async function ensureGrantKey(context: SetupContext, role: 'web' | 'worker'): Promise<void> {
  const [privateFile, publicFile] = [join(context.paths.role(role), 'grant.key'), context.paths.grantPublicKeys[role]];
  if ((await readIfThere(privateFile)) !== undefined && (await readIfThere(publicFile)) !== undefined) return;
  const pair = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFileDurably(privateFile, pair.privateKey, { mode: 0o400, owner: serviceUids[role] });
  await writeFileDurably(publicFile, pair.publicKey, { mode: 0o644 });
}

/** Every secret, key and certificate of an installation. Makes what is missing, renews what is 60 days old, keeps the rest. */
export async function ensureSecrets(context: SetupContext): Promise<void> {
  const { paths, config } = context;
  const master = await ensureMaster(context);
  const smtpFile = config.smtp?.passwordFile;
  const smtpPassword = smtpFile === undefined ? undefined : (await readIfThere(smtpFile))?.trim();
  if (smtpFile !== undefined && smtpPassword === undefined)
    throw new Error(`${smtpFile} is missing (the mail server's password).`);
  const mail = smtpPassword === undefined ? {} : { smtpPassword };
  const { authSecret, sealKey, kek, recoveryPassword } = master;
  const write = (role: 'owner' | 'web' | 'worker', content: unknown) =>
    writeFileDurably(join(paths.role(role), 'settings.json'), `${JSON.stringify(content, null, 2)}\n`, {
      mode: 0o400,
      owner: role === 'owner' ? 0 : serviceUids[role],
    });
  await write('owner', RoleSecrets.owner.parse({ databaseUrl: databaseUrl(context, 'owner', master) }));
  await write(
    'web',
    RoleSecrets.web.parse({ databaseUrl: databaseUrl(context, 'web', master), authSecret, sealKey, ...mail }),
  );
  await write(
    'worker',
    RoleSecrets.worker.parse({
      databaseUrl: databaseUrl(context, 'worker', master),
      sealKey,
      kek,
      recoveryPassword,
      ...mail,
    }),
  );

  await ensureAuthority(context);
  for (const role of ['web', 'worker'] as const) await ensureGrantKey(context, role);
  await renewServiceCertificates(context);
  await rotateGrantKeys(context);
  const { faults } = await copyCertificates(context);
  // Those of other names are for doctor to tell: what is wrong with one keeps nobody's panel from starting.
  const [fault] = faults.filter((one) => one.name === defaultName);
  if (fault !== undefined) throw new Error(`The TLS files cannot be served: ${fault.fault}.`);
}
