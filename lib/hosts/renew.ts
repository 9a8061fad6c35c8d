import type { AgentConnection } from '#lib/agent-client/connection.ts';
import { Health } from '#lib/contract/agent-state.ts';
import { IdentityRequest } from '#lib/contract/agent-trust.ts';
import { certificateDays, issueHostCert, renewAfterDays } from '#lib/pki/ca.ts';
import { serialOf } from '#lib/pki/grant-keys.ts';
import type { Authority } from './admit.ts';

/** What renewal works with: {@link Authority}, and the signed set of grant keys where there is one. */
export type Renewal = Pick<Authority, 'ca'> & { grantKeySet?: string | undefined };

const dayMs = 86_400_000;
const answerMs = 10_000;

/**
 * Keeps a host's certificate and the grant keys it takes up to date. Needs no grant, so it reaches also a host that slept through
 * a change of keys. An agent of the version before, which knows nothing of it, is left alone.
 */
export async function renewHost(agent: AgentConnection, { ca, grantKeySet }: Renewal): Promise<void> {
  const ask = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
    agent.text({
      method,
      path,
      signal: AbortSignal.timeout(answerMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const { identity } = Health.parse(JSON.parse(await ask('GET', '/healthz')));
  if (identity === undefined) return;
  if (grantKeySet !== undefined && serialOf(grantKeySet) > identity.grantKeysSerial) {
    await ask('PUT', '/v1/identity/grant-keys', { keys: grantKeySet });
  }
  const leftMs = Date.parse(identity.certificateEndsAt) - Date.now();
  if (leftMs > (certificateDays - renewAfterDays) * dayMs) return;
  const { csr } = IdentityRequest.parse(JSON.parse(await ask('POST', '/v1/identity/request', {})));
  const name = new URL(agent.address).hostname.replace(/^\[|\]$/g, '');
  const certificate = await issueHostCert(ca, csr, agent.hostId, [name]);
  await ask('PUT', '/v1/identity/certificate', { certificate });
}
