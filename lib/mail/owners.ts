import { mailBrandOf } from '../brands/mail.ts';
import type { Tx } from '../db/client.ts';
import { holdersOf } from '../people/holders.ts';
import { type Mail, queueMail } from './outbox.ts';

type Owner = { name: string; email: string };

/**
 * Writes to whoever answers for an account: a tenant's owners in their brand; null: the provider's administrators in the provider's own.
 * `write` makes the mail of each; the links of it begin with the `baseUrl` that it is given. `panelUrl` and the transaction are those
 * of {@link mailBrandOf}.
 */
export async function mailOwners(
  tx: Tx,
  tenantId: string | null,
  write: (to: Owner, baseUrl: string) => Mail,
  panelUrl?: string,
): Promise<void> {
  const brand = await mailBrandOf(tx, tenantId, panelUrl);
  const owners = await holdersOf(tx, tenantId === null ? 'provider-admin' : 'tenant-owner', tenantId);
  for (const owner of owners) await queueMail(tx, write(owner, brand.baseUrl), brand);
}
