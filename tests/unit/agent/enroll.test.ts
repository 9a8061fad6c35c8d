import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentConfig } from '#agent/config.ts';
import { EnrollRequest } from '#lib/contract/agent-trust.ts';
import { type CertificateAndKey, createCa, createRequest, issueHostCert } from '#lib/pki/ca.ts';

const run = promisify(execFile);
const token = 'a-single-use-token-of-the-test';
const hostId = uuidv7();

let directory: string;
let portal: Server;
let ca: CertificateAndKey;
/** What the portal signs: the request it got, or something else. */
let csrToSign: (csr: string) => Promise<string>;
beforeAll(async () => {
  directory = mkdtempSync('/tmp/berth-enroll-');
  ca = await createCa('test');
  portal = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = EnrollRequest.parse(JSON.parse(text));
    if (request.url !== '/api/v1/hosts/enroll' || body.token !== token) {
      response.writeHead(403).end('{"code":"forbidden"}');
      return;
    }
    const certificate = await issueHostCert(ca, await csrToSign(body.csr), hostId, [new URL(body.address).hostname]);
    const grantKeys = { web: 'web key', worker: 'worker key' };
    response.end(JSON.stringify({ hostId, certificate, ca: ca.certificate, grantKeys }));
  });
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(directory, 'token'), `${token}\n`);
  writeFileSync(
    join(directory, 'settings.json'),
    JSON.stringify({
      instance: 'en0',
      agentDir: `${directory}/agent`,
      poolPath: `${directory}/pool`,
      engineDir: '/opt/engine',
      listen: { host: '127.0.0.1', port: 7443 },
      subnet: '10.9.0.0/24',
      idBase: 1_879_048_192,
      forwardAddress: '127.0.0.1',
      forwardPorts: { first: 1, last: 2 },
      backupRoot: '/srv/backups',
    }),
  );
});
afterAll(() => {
  portal?.close();
  rmSync(directory, { recursive: true });
});

const enroll = (tokenFile = 'token') =>
  run(process.execPath, [
    new URL('../../../agent/enroll.ts', import.meta.url).pathname,
    ...['--portal', `http://127.0.0.1:${(portal.address() as AddressInfo).port}`],
    ...['--token-file', join(directory, tokenFile), '--settings', join(directory, 'settings.json')],
    ...['--address', 'https://127.0.0.1:7443', '--config-dir', join(directory, 'agent')],
  ]);

describe('joining a host', () => {
  it('writes nothing when the portal refuses, or signs a key that is not ours', async () => {
    writeFileSync(join(directory, 'wrong'), 'another-token-of-the-test');
    csrToSign = async (csr) => csr;
    await expect(enroll('wrong')).rejects.toThrow('403');
    csrToSign = async () => (await createRequest()).csr;
    await expect(enroll()).rejects.toThrow('not for our key');
    expect(() => statSync(join(directory, 'agent'))).toThrow('ENOENT');
  });

  it('leaves a configuration an agent can start from, with a key only root can read', async () => {
    csrToSign = async (csr) => csr;
    await enroll();
    const config = AgentConfig.parse(JSON.parse(readFileSync(join(directory, 'agent/config.json'), 'utf8')));
    expect(config).toMatchObject({ hostId, instance: 'en0' });
    expect(readFileSync(config.grantKeys.worker, 'utf8')).toBe('worker key');
    expect(readFileSync(config.identity.ca, 'utf8')).toBe(ca.certificate);
    expect(statSync(config.identity.key).mode & 0o777).toBe(0o600);
  });
});
