import { eq } from 'drizzle-orm';
import { utcMinute } from '#lib/contract/moments.ts';
import type { Tx } from '#lib/db/client.ts';
import type { handovers } from '#lib/db/schema/handovers.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { publish } from '#lib/events/publish.ts';
import { mailOwners } from '#lib/mail/owners.ts';

type Offer = Pick<
  typeof handovers.$inferInsert,
  'tenantId' | 'containerId' | 'containerName' | 'note' | 'offeredByName' | 'expiresAt'
> & { id: string; toTenantId: string | null };

/**
 * Tells the owners of the receiving account, in their brand. The link holds no secret: it leads to the offer, which is accepted by whoever
 * may there, once.
 */
export async function tellReceiver(tx: Tx, offer: Offer): Promise<void> {
  if (offer.toTenantId === null) return;
  const from = await nameOf(tx, offer.tenantId);
  await publish(tx, { type: 'container', tenantId: offer.toTenantId });
  await mailOwners(tx, offer.toTenantId, ({ name, email }, baseUrl) => ({
    recipient: email,
    subject: `${from} offers you the container ${offer.containerName}`,
    body: [
      `Hello ${name},`,
      `${from} wants to hand the container ${offer.containerName} over to your account. See what comes along, and accept or decline it, until ${utcMinute(offer.expiresAt)}:`,
      `${baseUrl}/offers`,
      ...(offer.note === '' ? [] : [`They wrote: ${offer.note}`]),
      'If you do nothing, everything stays as it is.',
    ],
  }));
}

/** Tells the owners of the giving account that staff made an offer in their name, which waits for their word. */
export async function tellGiver(tx: Tx, offer: Offer): Promise<void> {
  await mailOwners(tx, offer.tenantId, ({ name, email }, baseUrl) => ({
    recipient: email,
    subject: `Is ${offer.containerName} to be handed over?`,
    body: [
      `Hello ${name},`,
      `${offer.offeredByName} asks to hand your container ${offer.containerName} over to another account. Without your consent nothing happens. See to whom, and say yes or no, until ${utcMinute(offer.expiresAt)}:`,
      `${baseUrl}/offers`,
      ...(offer.note === '' ? [] : [`They wrote: ${offer.note}`]),
    ],
  }));
}

async function nameOf(tx: Tx, tenantId: string): Promise<string> {
  const [row] = await tx.select({ name: tenants.name }).from(tenants).where(eq(tenants.id, tenantId));
  if (row === undefined) throw new Error('the account is gone');
  return row.name;
}
