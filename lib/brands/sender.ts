import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { eq } from 'drizzle-orm';
import type { TransportOptions } from 'nodemailer';
import type { Tx } from '../db/client.ts';
import { brands } from '../db/schema/brands.ts';
import { openLasting } from '../secrets/sealed-values.ts';
import { AddressRefused, type DoorOptions, mayConnectTo } from '../webhooks/door.ts';

export type BrandSender = {
  /** Whose name stands before the address. */
  name: string;
  /** Null: the provider's own address and server. */
  via: { address: string; options: TransportOptions & Record<string, unknown> } | null;
};
export type SenderOptions = Pick<DoorOptions, 'resolve' | 'mayConnect' | 'ca'>;

/**
 * How a brand's mails leave. A server of its own is one that somebody has named: its addresses are judged and the connection goes to the
 * one that was, encrypted or not at all. Rejects with {@link AddressRefused}. For the worker, which alone reads the password.
 */
export async function brandSender(tx: Tx, brandId: string, options: SenderOptions): Promise<BrandSender | null> {
  const [row] = await tx.select().from(brands).where(eq(brands.resellerId, brandId));
  if (row === undefined) return null;
  const name = row.productName;
  const smtp = row.sender?.smtp ?? null;
  if (row.sender === null || smtp === null) return { name, via: null };
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true }));
  const mayConnect = options.mayConnect ?? mayConnectTo;
  const found = isIP(smtp.host) === 0 ? await resolve(smtp.host) : [{ address: smtp.host, family: isIP(smtp.host) }];
  const [first] = found;
  if (first === undefined || found.some(({ address }) => !mayConnect(address))) throw new AddressRefused(smtp.host);
  const pass = row.sealedSmtpPassword === null ? '' : openLasting(row.sealedSmtpPassword, `brand:${brandId}`);
  return {
    name,
    via: {
      address: row.sender.address,
      options: {
        host: first.address,
        port: smtp.port,
        secure: smtp.secure,
        requireTLS: !smtp.secure,
        tls: { servername: smtp.host, ...(options.ca === undefined ? {} : { ca: options.ca }) },
        ...(smtp.user === '' ? {} : { auth: { user: smtp.user, pass } }),
      },
    },
  };
}
