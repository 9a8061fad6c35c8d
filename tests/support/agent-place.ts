/** Where a test agent lives: certificates, grant keys, state directory, and for a real one a pool. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { type AgentConfig, usualRestarts } from '#agent/config.ts';
import type { ClientIdentity } from '#lib/agent-client/connection.ts';
import { type GrantSigner, grantSigner } from '#lib/grants/sign.ts';
import { type CertificateAndKey, createCa, createRequest, issueHostCert, issueServiceCert } from '#lib/pki/ca.ts';
import { mountPool as mountPoolImage } from '#server/setup/pool.ts';
import { engineDir } from './engine.ts';
import { grantPair } from './fake-agent.ts';
import { guard, sweepAbandoned } from './sweep.ts';

export type Kind = 'sim' | 'real';
const MiB = 1024 * 1024;

export type Made = {
  kind: Kind;
  directory: string;
  config: AgentConfig;
  ca: CertificateAndKey;
  identities: Record<'web' | 'worker', ClientIdentity>;
  signers: Record<'web' | 'worker', GrantSigner>;
  /** The signers' private keys (PKCS#8 PEM), for processes of the portal. */
  grantKeys: Record<'web' | 'worker', string>;
  /** Words before the agent's command that run it somewhere else, under the same process id: in other namespaces. */
  place?: readonly string[];
  /** Tells the guard that there is nothing to clean up any more. */
  dismiss: () => void;
};

const instanceOf = (number: number) => `t${number.toString(36)}`.padEnd(3, '0');

/**
 * A number that no other test agent of this machine has: instance, subnet, ids and ports follow from it. The directory that
 * carries it is the claim.
 */
function takeNumber(): { number: number; directory: string } {
  for (;;) {
    const number = randomInt(1000);
    const directory = `/tmp/berth-agent-${instanceOf(number)}`;
    if (existsSync(`/sys/class/net/berth-${instanceOf(number)}`)) continue;
    try {
      mkdirSync(directory, 0o711);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      continue;
    }
    writeFileSync(join(directory, 'owner'), String(process.pid));
    chmodSync(directory, 0o711);
    return { number, directory };
  }
}

/** Mounts the pool of a test agent's directory, as set-up does after a boot. */
export const mountPool = (directory: string): Promise<void> =>
  mountPoolImage({ poolImage: join(directory, 'pool.img'), pool: join(directory, 'pool') });

/** Makes everything an agent needs. */
export async function makeAgentPlace(kind: Kind, change: Partial<AgentConfig> = {}, poolMiB = 3072): Promise<Made> {
  await sweepAbandoned();
  const { number, directory } = takeNumber();
  const dismiss = guard(directory);
  const instance = change.instance ?? instanceOf(number);
  const [pkiDir, agentDir, poolPath, backupRoot] = ['pki', 'agent', 'pool', 'backups'].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  for (const path of [pkiDir, agentDir, poolPath, backupRoot]) mkdirSync(path, { mode: 0o711 });
  const hostId = uuidv7();
  const ca = await createCa('test');
  const request = await createRequest();
  const [web, worker] = [grantPair(), grantPair()];
  const files = {
    'ca.pem': ca.certificate,
    'host.pem': await issueHostCert(ca, request.csr, hostId, ['127.0.0.1']),
    'host.key': request.key,
    'web.pem': web.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'worker.pem': worker.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(pkiDir, name), content, { mode: 0o600 });
  if (kind === 'real') {
    const image = join(directory, 'pool.img');
    execFileSync('fallocate', ['-l', String(poolMiB * MiB), image]);
    execFileSync('mkfs.xfs', ['-q', '-m', 'reflink=1', image]);
    await mountPool(directory);
  }
  const config: AgentConfig = {
    instance,
    agentDir,
    poolPath,
    poolReserveBytes: 64 * MiB,
    engineDir,
    listen: { host: '127.0.0.1', port: 0 },
    subnet: `10.${180 + (number % 60)}.${number % 250}.0/24`,
    idBase: 1_879_048_192 + 65_536 * (10_000 + number * 20),
    forwardAddress: '127.0.0.1',
    forwardPorts: { first: 21_000 + number * 10, last: 21_009 + number * 10 },
    backupRoot,
    backupNetworks: [],
    hostId,
    identity: {
      certificate: join(pkiDir, 'host.pem'),
      key: join(pkiDir, 'host.key'),
      ca: join(pkiDir, 'ca.pem'),
    },
    grantKeys: { web: join(pkiDir, 'web.pem'), worker: join(pkiDir, 'worker.pem') },
    restarts: usualRestarts,
    ...change,
  };
  writeFileSync(join(agentDir, 'config.json'), JSON.stringify(config));
  const identity = async (name: 'web' | 'worker'): Promise<ClientIdentity> => ({
    ...(await issueServiceCert(ca, name)),
    ca: ca.certificate,
  });
  return {
    kind,
    directory,
    dismiss,
    config,
    ca,
    identities: { web: await identity('web'), worker: await identity('worker') },
    signers: { web: grantSigner('web', web.privatePem), worker: grantSigner('worker', worker.privatePem) },
    grantKeys: { web: web.privatePem, worker: worker.privatePem },
  };
}
