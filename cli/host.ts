import { systemActor } from '#lib/access/actor.ts';
import { issueHostToken } from '#lib/hosts/token.ts';
import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { setupContext } from '#server/setup/context.ts';
import { joinHost } from '#server/setup/join.ts';
import { asOwner } from '#server/setup/seed.ts';
import { servicesOf } from '#server/setup/services.ts';

/**
 * Lets the machine of this installation join a portal (again) with a token from its page of hosts, and restarts the agent
 * with the new identity.
 */
export async function join(options: { portal: string; token: string; address?: string }): Promise<void> {
  const stateDir = defaultStateDir();
  const context = setupContext(readConfig(stateDir), stateDir);
  const address = options.address ?? `https://127.0.0.1:${context.config.agentPort}`;
  const hostId = await joinHost(context, { portal: options.portal, token: options.token, address });
  await servicesOf(context).restart('agent');
  console.log(`Joined as host ${hostId}.`);
}

/** Prints a token, and nothing else. On the machine of the panel: a host that lost its identity gets it back with this only. */
export async function token(name: string): Promise<void> {
  const stateDir = defaultStateDir();
  const context = setupContext(readConfig(stateDir), stateDir);
  const issued = await asOwner(context, (tx) => issueHostToken(tx, systemActor('set-up'), { name, rejoin: true }));
  console.log(issued.token);
}
