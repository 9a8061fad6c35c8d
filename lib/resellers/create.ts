import type { z } from 'zod';
import { type Actor, systemActor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { CreateReseller, Reseller } from '../contract/resellers.ts';
import { asActor } from '../db/client.ts';
import { resellerQuotas } from '../db/schema/resellers.ts';
import { emailTaken, insertAccount } from '../tenants/account.ts';
import { checkQuota } from './set-quota.ts';

/** Makes a reseller with its first owner and its quota. Throws `conflict` when the address has an account, `invalid` for servers or templates that are not there. */
export async function createReseller(actor: Actor, input: z.infer<typeof CreateReseller>): Promise<Reseller> {
  authorize(actor, 'reseller.create');
  return await asActor(systemActor('reseller.create'), async (tx) => {
    await checkQuota(tx, input.quota);
    const { name, ownerEmail, ownerName } = input;
    const account = {
      kind: 'reseller',
      role: 'reseller-owner',
      resellerId: null,
      name,
      ownerEmail,
      ownerName,
    } as const;
    const reseller = await insertAccount(tx, actor, account);
    await tx.insert(resellerQuotas).values({ resellerId: reseller.id, ...input.quota });
    return {
      id: reseller.id,
      name: reseller.name,
      tenants: 0,
      quota: input.quota,
      used: { maxContainers: 0, cpuCores: 0, memoryBytes: 0, diskBytes: 0, backupBytes: 0 },
      over: [],
      createdAt: reseller.createdAt.toISOString(),
    };
  }).catch(emailTaken);
}
