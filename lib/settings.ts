/**
 * What a process of the portal needs to know of its installation, read once at its start.
 *
 * `<state>/config.json` (readable by all our processes) says how the installation is reached. Each role has a directory of
 * its own, `<state>/secrets/<role>/`, readable by root and by the user that role runs as and by nobody else; so the web
 * process cannot read the worker's grant key, whatever goes wrong inside it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Our own PostgreSQL has connections for so many. */
export const mostWorkers = 4;

/** `<state>/config.json`. Written by `./berth up`; the one file an operator may edit by hand. */
export const InstallationConfig = z.object({
  /** What `down --purge --name` wants to hear. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/),
  /** Part of every object's name on this host. */
  instance: z.string().regex(/^[a-z0-9]{2,4}$/),
  bind: z.string(),
  port: z.int().min(1).max(65535),
  /** The address people type; no slash at its end. */
  baseUrl: z.url(),
  /**
   * Served directly with these PEM files; without them a proxy does TLS or nobody leaves this machine. `directory`: pairs of other
   * names, each served to who asks for one that its certificate says.
   */
  tls: z
    .object({ certificate: z.string(), key: z.string(), directory: z.string().startsWith('/').optional() })
    .optional(),
  /** How many worker processes run on this machine. Each takes up to some forty connections to PostgreSQL. */
  workers: z.int().min(1).max(mostWorkers).default(1),
  /** Trust `x-forwarded-for` and `x-forwarded-proto` from connections that come from loopback. */
  behindProxy: z.boolean().default(false),
  agentPort: z.int().min(1).max(65535),
  /** Port of our own cluster on loopback; absent when DATABASE_URL names another server. */
  postgresPort: z.int().min(1).max(65535).optional(),
  subnet: z.cidrv4(),
  idBase: z.int(),
  /** Where port forwards listen; absent: where the panel does (server/setup/forwards.ts). */
  forwardAddress: z.ipv4().optional(),
  forwardPorts: z.object({ first: z.int(), last: z.int() }),
  /** Mail leaves through this server; without it the outbox keeps what it has. */
  smtp: z
    .object({
      host: z.string(),
      port: z.int(),
      secure: z.boolean().default(false),
      user: z.string().optional(),
      /** A root-only file with the password on one line. */
      passwordFile: z.string().optional(),
      from: z.string(),
    })
    .optional(),
  /** Backups of the panel itself; every night, with the defaults of docs/operating.md where this says nothing. */
  panelBackup: z
    .object({
      directory: z.string().startsWith('/').optional(),
      keep: z.int().min(1).max(1000).optional(),
      /** Hour of the day, UTC; null: never by itself. */
      hour: z.int().min(0).max(23).nullable().optional(),
    })
    .optional(),
  /** How many administrators, besides the one who asks, must approve that staff look inside without consent. */
  emergencyApprovals: z.union([z.literal(1), z.literal(2)]).default(2),
  /** Whether containers may be handed over to another reseller's tenants, and between those and the provider's own. */
  handoversAcrossResellers: z.boolean().default(false),
  /** After so long without a proof of who they are, people are asked again before what destroys for good or hands out power. */
  stepUpMinutes: z.int().min(1).max(1440).default(15),
  /** Demo accounts exist. Only ever true while bound to loopback. */
  demo: z.boolean(),
});
export type InstallationConfig = z.infer<typeof InstallationConfig>;

const key32 = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64');

/** `<state>/secrets/<role>/settings.json`, per role. */
export const RoleSecrets = {
  web: z.object({
    databaseUrl: z.string(),
    /** Signs session cookies. */
    authSecret: z.string().min(32),
    /** Seals short-lived values (a root password on its way to a container) between web and worker. */
    sealKey: key32,
    smtpPassword: z.string().optional(),
  }),
  worker: z.object({
    databaseUrl: z.string(),
    sealKey: key32,
    /** Key-encryption key: wraps the tenants' repository passwords. The worker alone has it. */
    kek: key32,
    /** Recovery password of every repository; `./berth recovery-key` prints it. */
    recoveryPassword: z.string().min(16),
    smtpPassword: z.string().optional(),
  }),
  owner: z.object({ databaseUrl: z.string() }),
} as const;

/** Another name for each worker that runs at the same time; on several machines, with the machine's in it. */
const WorkerNumber = z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'BERTH_WORKER must be letters, digits and hyphens');

export type Role = keyof typeof RoleSecrets;

type Common = {
  stateDir: string;
  config: InstallationConfig;
  baseUrl: string;
  demo: boolean;
  /** DBOS recovers only workflows of its own application version: pinned, raised when a workflow's steps change. */
  appVersion: string;
  /** CA certificate (PEM file) that agents and services are checked against. */
  caFile: string;
};
/** This role's client certificate for agents and its Ed25519 signing key (PKCS#8 PEM files). */
export type Identity = { certificateFile: string; keyFile: string; grantKeyFile: string };

export type WebSettings = Common & {
  role: 'web';
  databaseUrl: string;
  authSecret: string;
  /** 32 bytes. */
  sealKey: Buffer;
  identity: Identity;
  /** Serve TLS with these PEM files (the web's own copies). Absent: plain HTTP. */
  tls?: { certificateFile: string; keyFile: string };
  smtpPassword?: string;
};
export type WorkerSettings = Common & {
  role: 'worker';
  databaseUrl: string;
  /** 32 bytes each. */
  sealKey: Buffer;
  kek: Buffer;
  recoveryPassword: string;
  identity: Identity;
  /** Unique among the workers of the installation: `BERTH_WORKER` (default 1) tells them apart. */
  workerName: string;
  /** Signs certificates of hosts and services. PEM file; the worker alone has it. */
  caKeyFile: string;
  /** What a joining agent is given: SPKI PEM files of both signers. */
  grantPublicKeys: { web: string; worker: string };
  /** What hosts are told of grant keys, signed. May be absent. */
  grantKeySetFile: string;
  smtpPassword?: string;
};
export type OwnerSettings = Common & { role: 'owner'; databaseUrl: string };
type SettingsOf = { web: WebSettings; worker: WorkerSettings; owner: OwnerSettings };

export const appVersion = '1';

export function defaultStateDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.BERTH_STATE || '/var/lib/berth';
}

/** Where everything of one installation lies. Pure; creates nothing. */
export function statePaths(stateDir: string) {
  const secrets = join(stateDir, 'secrets');
  return {
    config: join(stateDir, 'config.json'),
    secrets,
    role: (role: Role) => join(secrets, role),
    caFile: join(stateDir, 'pki', 'ca.crt'),
    caKeyFile: join(secrets, 'worker', 'ca.key'),
    grantPublicKeys: {
      web: join(stateDir, 'pki', 'grant-web.pub'),
      worker: join(stateDir, 'pki', 'grant-worker.pub'),
    },
    /** Which grant keys there are and since when (root only), and what of it hosts are told, signed by the authority. */
    grantKeys: join(secrets, 'grant-keys.json'),
    grantKeySet: join(stateDir, 'pki', 'grant-keys.jws'),
    demo: join(secrets, 'demo.json'),
    /** Public half of the recovery key of the panel's backups. */
    panelRecipient: join(secrets, 'panel-recipient'),
    panelBackups: join(stateDir, 'panel-backups'),
    panelRecord: join(stateDir, 'panel-backups.json'),
    engine: join(stateDir, 'engine'),
    pg: join(stateDir, 'pg'),
    poolImage: join(stateDir, 'pool.img'),
    pool: join(stateDir, 'pool'),
    agentDir: join(stateDir, 'agent'),
    backups: join(stateDir, 'backups'),
    templates: join(stateDir, 'templates'),
    run: join(stateDir, 'run'),
    log: join(stateDir, 'log'),
    /** The checkout as web and worker see it: read-only, also when it lies where only root may go. */
    app: join(stateDir, 'app'),
    supervisorSocket: join(stateDir, 'run', 'supervisor.sock'),
  } as const;
}

/** Under which a worker holds its lease. `number`: from 1 on; of workers elsewhere, what they are started with. */
export const workerName = (config: Pick<InstallationConfig, 'instance'>, number: number | string) =>
  `${config.instance}-worker-${number}`;

export function readConfig(stateDir: string): InstallationConfig {
  return parse(statePaths(stateDir).config, InstallationConfig);
}

/**
 * Everything the given role may know. Reads only that role's directory. Throws with the file's name and what is wrong in
 * it when the installation is not set up or a file does not fit.
 */
export function loadSettings<R extends Role>(role: R, stateDir?: string): SettingsOf[R];
export function loadSettings(role: Role, stateDir = defaultStateDir()): WebSettings | WorkerSettings | OwnerSettings {
  const paths = statePaths(stateDir);
  const config = readConfig(stateDir);
  const common = { stateDir, config, baseUrl: config.baseUrl, demo: config.demo, appVersion, caFile: paths.caFile };
  const directory = paths.role(role);
  const secretsFile = join(directory, 'settings.json');
  const identity: Identity = {
    certificateFile: join(directory, 'service.crt'),
    keyFile: join(directory, 'service.key'),
    grantKeyFile: join(directory, 'grant.key'),
  };
  switch (role) {
    case 'web': {
      const { sealKey, ...secrets } = parse(secretsFile, RoleSecrets.web);
      return {
        ...common,
        role,
        databaseUrl: secrets.databaseUrl,
        authSecret: secrets.authSecret,
        sealKey: Buffer.from(sealKey, 'base64'),
        identity,
        ...(config.tls === undefined
          ? {}
          : { tls: { certificateFile: join(directory, 'tls.crt'), keyFile: join(directory, 'tls.key') } }),
        ...(secrets.smtpPassword === undefined ? {} : { smtpPassword: secrets.smtpPassword }),
      };
    }
    case 'worker': {
      const { sealKey, kek, ...secrets } = parse(secretsFile, RoleSecrets.worker);
      return {
        ...common,
        role,
        databaseUrl: secrets.databaseUrl,
        recoveryPassword: secrets.recoveryPassword,
        sealKey: Buffer.from(sealKey, 'base64'),
        kek: Buffer.from(kek, 'base64'),
        identity,
        workerName: workerName(config, WorkerNumber.parse(process.env.BERTH_WORKER ?? '1')),
        caKeyFile: paths.caKeyFile,
        grantPublicKeys: paths.grantPublicKeys,
        grantKeySetFile: paths.grantKeySet,
        ...(secrets.smtpPassword === undefined ? {} : { smtpPassword: secrets.smtpPassword }),
      };
    }
    case 'owner':
      return { ...common, role, databaseUrl: parse(secretsFile, RoleSecrets.owner).databaseUrl };
  }
}

function parse<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`Cannot read ${file}. Has "./berth up" finished here?`, { cause });
  }
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  throw new Error(`${file} does not fit: ${z.prettifyError(result.error)}`);
}
