/** The policy that docs/backup.md gives for an append-only bucket, as the tests' server goes by it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allows, Policy } from '../../support/s3-policy.ts';

const file = new URL('../../../docs/s3-append-only-policy.json', import.meta.url);
const policy = Policy.parse(JSON.parse(readFileSync(file, 'utf8').replaceAll('BUCKET', 'backups')));
const lock = '/backups/berth/tenants/t/locks/0a';

it.each([
  ['GET', '/backups/?list-type=2&prefix=berth', true],
  ['GET', '/backups?location', true],
  ['PUT', '/backups/berth/tenants/t/data/00/00ff', true],
  ['POST', '/backups/berth/tenants/t/data/00/00ff?uploads', true],
  ['HEAD', '/backups/berth/tenants/t/config', true],
  ['DELETE', '/backups/berth/tenants/t/data/00/00ff?uploadId=1', true],
  ['DELETE', lock, true],
  ['DELETE', '/backups/berth/tenants/t/data/00/00ff', false],
  ['DELETE', '/backups/berth/tenants/t/snapshots/0a', false],
  ['DELETE', '/backups/berth/tenants/t/keys/0a', false],
  ['DELETE', `/another${lock.slice('/backups'.length)}`, false],
  ['POST', '/backups?delete', false],
  ['DELETE', '/backups', false],
  ['PUT', '/backups?versioning', false],
  ['GET', '/another/berth/tenants/t/config', false],
])('%s %s: %s', (method, url, allowed) => {
  expect(allows(policy, method, url)).toBe(allowed);
});
