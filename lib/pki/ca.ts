/**
 * The installation's own certificate authority: the only one that agents and services trust. Who somebody is stands in
 * the URI subject alternative name of their certificate ({@link identityUri}); every other name in a request is ignored.
 */
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { identityUri } from '#lib/contract/agent-trust.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;
/** Certificates live 90 days and are renewed from the 60th on; the authority lives ten years. */
export const certificateDays = 90;
export const renewAfterDays = 60;
const authorityDays = 3650;
/** Clocks of hosts need not agree: a certificate is good from an hour before it was made. */
const clockSlackMs = 3_600_000;

/** PEM texts; the key is PKCS#8. */
export type CertificateAndKey = { certificate: string; key: string };

/** A request that is no certificate request of ours: damaged, signed by another key, or with a key we do not take. */
export class BadCertificateRequest extends Error {}

async function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Both halves of a P-256 key in PKCS#8 PEM. */
async function keysOf(pem: string): Promise<CryptoKeyPair> {
  const publicDer = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, true, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', new Uint8Array(publicDer), algorithm, true, ['verify']),
  };
}

/** Whether a certificate is for this key. */
export function certificateFor(certificatePem: string, keyPem: string): boolean {
  return new NodeCertificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem));
}

async function pemOf(key: CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

async function signerOf(ca: CertificateAndKey) {
  const certificate = new X509Certificate(ca.certificate);
  const der = PemConverter.decodeFirst(ca.key);
  return { certificate, key: await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']) };
}

/** Positive, non-zero and unguessable: 16 random bytes with the first bit clear. */
function newSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

/** A new authority. Its key signs certificates and nothing else. */
export async function createCa(name: string, now = new Date()): Promise<CertificateAndKey> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [`Berth ${name}`] }],
    notBefore: new Date(now.getTime() - clockSlackMs),
    notAfter: new Date(now.getTime() + authorityDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await pemOf(keys.privateKey) };
}

async function issue(
  ca: CertificateAndKey,
  subject: { commonName: string; publicKey: CryptoKey; names: JsonGeneralNames; usages: ExtendedKeyUsage[] },
  now: Date,
): Promise<string> {
  const signer = await signerOf(ca);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(subject.usages),
    new SubjectAlternativeNameExtension(subject.names),
    await SubjectKeyIdentifierExtension.create(subject.publicKey),
    await AuthorityKeyIdentifierExtension.create(signer.certificate),
  ];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [subject.commonName] }],
    issuer: signer.certificate.subjectName,
    notBefore: new Date(now.getTime() - clockSlackMs),
    notAfter: new Date(now.getTime() + certificateDays * dayMs),
    signingAlgorithm: algorithm,
    publicKey: subject.publicKey,
    signingKey: signer.key,
    extensions,
  });
  return `${certificate.toString('pem')}\n`;
}

/** A client certificate, and its key (a new one, or the present one again), with which the web or the worker process introduces itself to agents. */
export async function issueServiceCert(
  ca: CertificateAndKey,
  name: 'web' | 'worker',
  now = new Date(),
  presentKey?: string,
): Promise<CertificateAndKey> {
  const keys = presentKey === undefined ? await newKeys() : await keysOf(presentKey);
  const certificate = await issue(
    ca,
    {
      commonName: `berth ${name}`,
      publicKey: keys.publicKey,
      names: [{ type: 'url', value: identityUri.service(name) }],
      usages: [ExtendedKeyUsage.clientAuth],
    },
    now,
  );
  return { certificate, key: await pemOf(keys.privateKey) };
}

/**
 * A server certificate for an agent's own key. The portal decides who it is (`hostId`) and where it may be found
 * (`names`: host names or addresses); of the request only the key counts, and that its sender has it.
 * Throws {@link BadCertificateRequest}.
 */
export async function issueHostCert(
  ca: CertificateAndKey,
  csrPem: string,
  hostId: string,
  names: readonly string[],
  now = new Date(),
): Promise<string> {
  const publicKey = await keyOfRequest(csrPem);
  return issue(
    ca,
    {
      commonName: `berth host ${hostId}`,
      publicKey,
      names: [
        { type: 'url', value: identityUri.host(hostId) },
        ...names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ],
      usages: [ExtendedKeyUsage.serverAuth],
    },
    now,
  );
}

async function keyOfRequest(csrPem: string): Promise<CryptoKey> {
  try {
    const request = new Pkcs10CertificateRequest(csrPem);
    const key = await request.publicKey.export(algorithm, ['verify']);
    if (await request.verify()) return key;
  } catch (cause) {
    throw new BadCertificateRequest('This is no certificate request with a P-256 key.', { cause });
  }
  throw new BadCertificateRequest('The certificate request is not signed by its own key.');
}

/** A new P-256 key and a request for it, as an agent makes them when it joins. */
export async function createRequest(): Promise<{ csr: string; key: string }> {
  const keys = await newKeys();
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: ['berth host'] }],
    keys,
    signingAlgorithm: algorithm,
  });
  return { csr: request.toString('pem'), key: await pemOf(keys.privateKey) };
}

/** Whether a certificate should be replaced now: past its 60th day, unreadable, or not from this authority. */
export async function needsRenewal(certificatePem: string, caPem: string, now = new Date()): Promise<boolean> {
  try {
    const certificate = new X509Certificate(certificatePem);
    const authority = new X509Certificate(caPem);
    if (!(await certificate.verify({ publicKey: authority.publicKey, signatureOnly: true }))) return true;
    const left = certificate.notAfter.getTime() - now.getTime();
    return left < (certificateDays - renewAfterDays) * dayMs;
  } catch {
    return true;
  }
}
