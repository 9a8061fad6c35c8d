/**
 * Joins a host to an installation: `enroll.ts --portal URL --token-file FILE --settings FILE --address URL --config-dir DIR`.
 *
 * Makes a key that never leaves the host, asks the portal with the single-use token to sign it, checks what comes back, and
 * writes key, certificate, authority, grant keys and at last config.json into DIR, each durably. `--settings` is a JSON file
 * with everything of the agent's configuration that enrolment does not decide. A portal with a certificate of a private
 * authority: set NODE_EXTRA_CA_CERTS. Repeated with a new token it gives the host a new certificate under its old id.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { type EnrollRequest, EnrollResult } from '#lib/contract/agent-trust.ts';
import { AgentConfig } from './config.ts';
import { checkCertificate, newKey } from './identity.ts';
import { makeDirectory, writeDurably } from './sys/files.ts';

const timeoutMs = 30_000;

type Joined = z.infer<typeof EnrollResult>;

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
// A portal that hands out a certificate for another key, host or authority must not be believed in anything else either.
checkCertificate(joined.certificate, joined.ca, key, joined.hostId);

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
