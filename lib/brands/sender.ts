import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { eq } from 'drizzle-orm';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import type { Smtp } from '../contract/brands.ts';
import type { Tx } from '../db/client.ts';
import { brands } from '../db/schema/brands.ts';
import { openLasting } from '../secrets/sealed-values.ts';
import { AddressRefused, type DoorOptions, mayConnectTo } from '../webhooks/door.ts';
import { type SigningKey, signingKey } from './dkim.ts';

export type BrandSender = {
  /** Whose name stands before the address. */
  name: string;
  /** Null: the provider's own address and server. */
  own: { address: string; smtp: Smtp; password: string } | null;
  /** What signs a mail that leaves through the provider's server, so that it can come from the brand's address. Null: nothing does. */
  signed: { address: string; key: SigningKey } | null;
};
export type SenderOptions = Pick<DoorOptions, 'resolve' | 'mayConnect' | 'ca'>;

/** A server that takes longer has not taken the mail: others wait behind it. */
const deadlineMs = 8_000;

/** From whom a brand's mails come; null: nothing is known of that brand. For the worker, which alone reads the password and keys. */
export async function brandSender(tx: Tx, brandId: string): Promise<BrandSender | null> {
  const [row] = await tx.select().from(brands).where(eq(brands.resellerId, brandId));
  if (row === undefined) return null;
  const { productName: name, sender, sealedSmtpPassword: sealed } = row;
  if (sender === null) return { name, own: null, signed: null };
  const { address, smtp } = sender;
  if (smtp === null) {
    const key = await signingKey(tx, brandId, address);
    return { name, own: null, signed: key === null ? null : { address, key } };
  }
  const password = sealed === null ? '' : openLasting(sealed, `brand:${brandId}`);
  return { name, own: { address, smtp, password }, signed: null };
}

/**
 * Sends one mail by a server that somebody has named: all of its addresses are judged and the connection goes to one that was, encrypted
 * or not at all. Rejects with {@link AddressRefused}, with what the server said, or after {@link deadlineMs}.
 */
export async function sendByOwn(
  { smtp, password }: NonNullable<BrandSender['own']>,
  mail: SendMailOptions,
  options: SenderOptions,
): Promise<void> {
  const resolve = options.resolve ?? ((host: string) => lookup(host, { all: true }));
  const mayConnect = options.mayConnect ?? mayConnectTo;
  const host = smtp.host;
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`${host} took longer than ${deadlineMs / 1000} s`)), deadlineMs).unref();
  });
  late.catch(() => undefined);
  const asked = isIP(host) === 0 ? resolve(host) : [{ address: host, family: isIP(host) }];
  const found = await Promise.race([asked, late]);
  const [first] = found;
  if (first === undefined || found.some(({ address }) => !mayConnect(address))) throw new AddressRefused(host);
  const connection = connect({ host: first.address, port: smtp.port });
  // Said again by the transport, which listens a moment later.
  connection.on('error', () => undefined);
  const transport = createTransport({
    ...{ host: first.address, port: smtp.port, connection, disableFileAccess: true, disableUrlAccess: true },
    secure: smtp.secure,
    requireTLS: !smtp.secure,
    tls: { servername: host, ...(options.ca === undefined ? {} : { ca: options.ca }) },
    ...(smtp.user === '' ? {} : { auth: { user: smtp.user, pass: password } }),
  } satisfies SMTPTransport.Options);
  try {
    await Promise.race([transport.sendMail(mail), late]);
  } finally {
    transport.close();
    connection.destroy();
  }
}
