import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BadCertificateRequest,
  type CertificateAndKey,
  createCa,
  createRequest,
  issueHostCert,
  issueServiceCert,
  needsRenewal,
} from '#lib/pki/ca.ts';

const hostId = '01890a5d-ac96-774b-bcce-b302099a8057';
const dayMs = 86_400_000;
let ca: CertificateAndKey;

beforeAll(async () => {
  ca = await createCa('test');
});

/** One mutual TLS handshake; the identities both sides saw, or the error of the side that refused. */
async function handshake(server: CertificateAndKey, client: CertificateAndKey, trusted: string) {
  const listener = createServer({
    ...{ cert: server.certificate, key: server.key, ca: trusted, requestCert: true, rejectUnauthorized: true },
    minVersion: 'TLSv1.3',
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const accepted = new Promise<string>((resolve, reject) => {
    listener.on('secureConnection', (socket: TLSSocket) => resolve(socket.getPeerCertificate().subjectaltname ?? ''));
    listener.on('tlsClientError', reject);
  });
  const socket = connect({
    host: '127.0.0.1',
    port: address.port,
    cert: client.certificate,
    key: client.key,
    ca: trusted,
  });
  const refused = new Promise<never>((_, reject) => socket.on('error', reject));
  try {
    const seenByServer = await Promise.race([accepted, refused]);
    return { seenByServer, seenByClient: socket.getPeerCertificate().subjectaltname };
  } finally {
    accepted.catch(() => undefined);
    refused.catch(() => undefined);
    socket.destroy();
    listener.close();
  }
}

describe('the certificate authority', () => {
  it('lets a service and a host recognise each other by their URI names over mutual TLS', async () => {
    const request = await createRequest();
    const host = {
      certificate: await issueHostCert(ca, request.csr, hostId, ['127.0.0.1', 'h1.test']),
      key: request.key,
    };
    const seen = await handshake(host, await issueServiceCert(ca, 'worker'), ca.certificate);
    expect(seen.seenByServer).toBe('URI:berth:service:worker');
    expect(seen.seenByClient).toBe(`URI:berth:host:${hostId}, IP Address:127.0.0.1, DNS:h1.test`);
  });

  it('does not vouch for certificates of another authority', async () => {
    const other = await createCa('other');
    const request = await createRequest();
    const host = { certificate: await issueHostCert(ca, request.csr, hostId, ['127.0.0.1']), key: request.key };
    await expect(handshake(host, await issueServiceCert(other, 'worker'), ca.certificate)).rejects.toThrow();
  });

  it('gives leaf certificates 90 days and no power to sign', async () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const leaf = new X509Certificate((await issueServiceCert(ca, 'web', now)).certificate);
    expect(leaf.ca).toBe(false);
    expect(leaf.validToDate.getTime() - now.getTime()).toBe(90 * dayMs);
    expect(leaf.verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
  });

  it('refuses what is no request and a request whose signature was altered', async () => {
    await expect(issueHostCert(ca, 'nonsense', hostId, [])).rejects.toBeInstanceOf(BadCertificateRequest);
    const { csr } = await createRequest();
    const der = Buffer.from(csr.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
    await expect(issueHostCert(ca, altered, hostId, [])).rejects.toBeInstanceOf(BadCertificateRequest);
  });

  it('asks for renewal from the 60th day on, and at once for a foreign certificate', async () => {
    const { certificate } = await issueServiceCert(ca, 'web');
    const inDays = (days: number) => new Date(Date.now() + days * dayMs);
    expect(await needsRenewal(certificate, ca.certificate, inDays(59))).toBe(false);
    expect(await needsRenewal(certificate, ca.certificate, inDays(61))).toBe(true);
    expect(await needsRenewal(certificate, (await createCa('other')).certificate)).toBe(true);
    expect(await needsRenewal('nonsense', ca.certificate)).toBe(true);
  });
});
