import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { compactVerify, importX509 } from 'jose';
import { GrantKeySet, grantKeySetType, identityUri } from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { AgentConfig } from './config.ts';
import { rename, writeDurably } from './sys/files.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
type Places = Pick<AgentConfig, 'hostId' | 'identity' | 'grantKeys'>;

const nextKey = ({ identity }: Places) => `${identity.key}.next`;
const keySetFile = ({ grantKeys }: Places) => join(dirname(grantKeys.worker), 'grant-keys.jws');

/** A new P-256 key (PKCS#8 PEM) and a request for it. */
export async function newKey(): Promise<{ key: string; csr: string }> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: ['berth host'] }],
    keys,
    signingAlgorithm: algorithm,
  });
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: `${PemConverter.encode(der, 'PRIVATE KEY')}\n`, csr: request.toString('pem') };
}

/** Throws unless the certificate is of our authority, for this key, and says that we are this host. */
export function checkCertificate(certificate: string, ca: string, key: string, hostId: string): void {
  const parsed = new X509Certificate(certificate);
  if (!parsed.verify(new X509Certificate(ca).publicKey))
    throw new Error('the certificate is not signed by the authority');
  if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error('the certificate is not for our key');
  if (!parsed.subjectAltName?.split(', ').includes(`URI:${identityUri.host(hostId)}`)) {
    throw new Error('the certificate names another host');
  }
}

/** Certificate, its key and the authority. A crash between certificate and key leaves the key under its next name. */
export function readIdentity(places: Places): { cert: string; key: string; ca: string } {
  const cert = readFileSync(places.identity.certificate, 'utf8');
  const candidates = [places.identity.key, nextKey(places)].filter((path) => existsSync(path));
  const keys = candidates.map((path) => readFileSync(path, 'utf8'));
  const parsed = new X509Certificate(cert);
  const key = keys.find((pem) => parsed.checkPrivateKey(createPrivateKey(pem)));
  if (key === undefined) throw new Error('there is no key for the certificate of this host');
  return { cert, key, ca: readFileSync(places.identity.ca, 'utf8') };
}

export function certificateEnd(places: Places): string {
  return new Date(new X509Certificate(readFileSync(places.identity.certificate)).validTo).toISOString();
}

/** Makes the next key, which never leaves the host, and gives the request for its certificate. */
export async function requestCertificate(places: Places): Promise<string> {
  const { key, csr } = await newKey();
  writeDurably('IDENTITY:NEXT-KEY', nextKey(places), key);
  return csr;
}

/** Takes a certificate for the next key. Throws `invalid` for any other, and for one that ends before the present one. */
export function takeCertificate(places: Places, certificate: string): void {
  try {
    const next = readFileSync(nextKey(places), 'utf8');
    checkCertificate(certificate, readFileSync(places.identity.ca, 'utf8'), next, places.hostId);
    if (Date.parse(new X509Certificate(certificate).validTo) < Date.parse(certificateEnd(places))) {
      throw new Error('the certificate ends before the present one');
    }
  } catch (cause) {
    throw new BerthError('invalid', 'This is no certificate for this host.', { cause });
  }
  writeDurably('IDENTITY:CERTIFICATE', places.identity.certificate, certificate);
  rename('IDENTITY:KEY', nextKey(places), places.identity.key);
}

async function openKeySet(places: Places, jws: string): Promise<GrantKeySet> {
  const authority = await importX509(readFileSync(places.identity.ca, 'utf8'), 'ES256');
  const { payload, protectedHeader } = await compactVerify(jws, authority, { algorithms: ['ES256'] });
  if (protectedHeader.typ !== grantKeySetType) throw new Error('signed for something else');
  return GrantKeySet.parse(JSON.parse(new TextDecoder().decode(payload)));
}

/** The set of grant keys taken last; undefined: those the host joined with. A set of another authority does not count. */
export async function readKeySet(places: Places): Promise<GrantKeySet | undefined> {
  const file = keySetFile(places);
  if (!existsSync(file)) return undefined;
  return openKeySet(places, readFileSync(file, 'utf8')).catch(() => undefined);
}

/** Checks and keeps a new set. Throws `invalid` for one that the authority has not signed, `stale` for an older one than ours. */
export async function takeKeySet(places: Places, jws: string): Promise<GrantKeySet> {
  const set = await openKeySet(places, jws).catch((cause: unknown) => {
    throw new BerthError('invalid', 'These are no grant keys of our authority.', { cause });
  });
  const present = (await readKeySet(places))?.serial ?? 0;
  if (set.serial < present) throw new BerthError('stale', 'The host has newer grant keys.');
  writeDurably('IDENTITY:GRANT-KEYS', keySetFile(places), jws);
  return set;
}
