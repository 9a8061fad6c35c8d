import type { UserActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { acceptHandover } from '#lib/handovers/accept.ts';
import { listHandovers } from '#lib/handovers/list.ts';
import { offerHandover } from '#lib/handovers/offer.ts';
import { setAcrossResellers } from '#lib/handovers/policy.ts';
import { getOperation } from '#lib/operations/get.ts';
import { actorFor, type World } from './portal.ts';

type Where = { world: World; owner: UserActor; admin: UserActor };

/** Tenant a's owner offers a container to tenant b, whose owner accepts; what was offered before and is still open, is accepted. */
export async function askHandover({ world, owner, admin }: Where, containerId: string): Promise<Operation> {
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  setAcrossResellers(true);
  const open = async () => (await listHandovers(owner, { containerId, open: true, limit: 1 })).items[0];
  const to = { tenantId: world.ids.b };
  const made = async () =>
    await offerHandover(owner, containerId, { to, note: '', days: 1 }).catch(async (error: unknown) => {
      const other = await open(); // two offer at the same time
      if (other === undefined) throw error;
      return other;
    });
  const offer = (await open()) ?? (await made());
  const moving = await acceptHandover(actorFor(world, 'ownerB'), offer.id, { removeSshKeys: true });
  return await getOperation(admin, moving.operationId ?? '');
}
