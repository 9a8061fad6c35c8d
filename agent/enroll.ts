/**
 * Joins a host to an installation: `enroll.ts --portal URL --token-file FILE --settings FILE --address URL --config-dir DIR`.
 *
 * Makes a key that never leaves the host, asks the portal with the single-use token to sign it, checks what comes back, and
 * writes key, certificate, authority, grant keys and at last config.json into DIR, each durably. `--settings` is a JSON file
 * with everything of the agent's configuration that enrolment does not decide. A portal with a certificate of a private
 * authority: set NODE_EXTRA_CA_CERTS. Repeated with a new token it gives the host a new certificate under its old id.
 */
import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PemConverter, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import type { z } from 'zod';
import { type EnrollRequest, EnrollResult, identityUri } from '#lib/contract/agent.ts';
import { AgentConfig } from './config.ts';
import { makeDirectory, writeDurably } from './sys/files.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const timeoutMs = 30_000;

type Joined = z.infer<typeof EnrollResult>;

/** A new P-256 key (PKCS#8 PEM) and a request for it. */
async function newKey(): Promise<{ key: string; csr: string }> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: ['berth host'] }],
    keys,
    signingAlgorithm: algorithm,
  });
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: `${PemConverter.encode(der, 'PRIVATE KEY')}\n`, csr: request.toString('pem') };
}

async function ask(portal: string, request: z.infer<typeof EnrollRequest>): Promise<Joined> {
  const response = await fetch(new URL('/api/v1/hosts/enroll', portal), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`the portal answered ${response.status}: ${text.slice(0, 1000)}`);
  return EnrollResult.parse(JSON.parse(text));
}

/** A portal that hands out a certificate for another key, host or authority must not be believed in anything else either. */
function check(joined: Joined, csrKey: string): void {
  const certificate = new X509Certificate(joined.certificate);
  const ca = new X509Certificate(joined.ca);
  if (!certificate.verify(ca.publicKey)) throw new Error('the certificate is not signed by the authority sent with it');
  if (!certificate.checkPrivateKey(createPrivateKey(csrKey))) throw new Error('the certificate is not for our key');
  if (!certificate.subjectAltName?.split(', ').includes(`URI:${identityUri.host(joined.hostId)}`)) {
    throw new Error('the certificate names another host');
  }
}

const { values } = parseArgs({
  options: {
    portal: { type: 'string' },
    'token-file': { type: 'string' },
    settings: { type: 'string' },
    address: { type: 'string' },
    'config-dir': { type: 'string' },
  },
});
const { portal, 'token-file': tokenFile, settings, address, 'config-dir': directory } = values;
if (
  portal === undefined ||
  tokenFile === undefined ||
  settings === undefined ||
  address === undefined ||
  directory === undefined
) {
  throw new Error('say --portal URL --token-file FILE --settings FILE --address URL --config-dir DIR');
}

const token = readFileSync(tokenFile, 'utf8').trim();
const { key, csr } = await newKey();
const joined = await ask(portal, { token, csr, hostname: hostname(), address });
check(joined, key);

const pki = resolve(directory, 'pki');
const identity = { certificate: join(pki, 'host.pem'), key: join(pki, 'host.key'), ca: join(pki, 'ca.pem') };
const grantKeys = { web: join(pki, 'grant-web.pem'), worker: join(pki, 'grant-worker.pem') };
const config = AgentConfig.parse({
  ...JSON.parse(readFileSync(settings, 'utf8')),
  hostId: joined.hostId,
  identity,
  grantKeys,
});
makeDirectory('ENROLL:DIRECTORY', resolve(directory), 0o711);
makeDirectory('ENROLL:DIRECTORY', pki);
writeDurably('ENROLL:WRITE', identity.key, key);
writeDurably('ENROLL:WRITE', identity.certificate, joined.certificate);
writeDurably('ENROLL:WRITE', identity.ca, joined.ca);
writeDurably('ENROLL:WRITE', grantKeys.web, joined.grantKeys.web);
writeDurably('ENROLL:WRITE', grantKeys.worker, joined.grantKeys.worker);
writeDurably('ENROLL:WRITE', join(resolve(directory), 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
process.stdout.write(`${JSON.stringify({ event: 'enrolled', hostId: joined.hostId })}\n`);
