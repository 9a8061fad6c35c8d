/** That restic opens a repository by what is written here is shown in tests/integration/backup. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { poly1305, writeRecoveryKey } from '#agent/backup/recovery-key.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');

/** Made by restic 0.19.1 with `init` and the password `bench`. */
const byRestic = {
  ...{ created: '2026-11-26T07:57:23.059373041Z', username: 'root', hostname: 'vm', kdf: 'scrypt' },
  ...{ N: 32768, r: 8, p: 1 },
  salt: 'CfajMgTUV0hpj2r/5tsbZwq2nTItqvhK5AfR2Z45UFMUi43y3fDcf7Xt0nc6p3Gy2O8U2L0Jl19SmxR7VP/P0Q==',
  data: 'zI2NsQwyKkFisdpwcx9BL3UBP2vJS6wglcgRoU/aStAtlMsdhHD5TnknxzcAW4B/AzFqOemjoT09ewFtf4GK3ZmreyX/hbw3CB+/Ln7TCjFznePmIb/0Bs0T76pCnVgq/DdUSRZwEgpnPNGpOUXXBKql4Rf2eTvMVAau+PbgCElQsgPz7NZrme222nCkKlsUB6w4dsqybl0jhArk9E3T2w==',
};

describe('poly1305', () => {
  it.each([
    // RFC 8439, 2.5.2 and appendix A.3, vectors 7 to 9
    [
      '85:d6:be:78:57:55:6d:33:7f:44:52:fe:42:d5:06:a8:01:03:80:8a:fb:0d:b2:fd:4a:bf:f6:af:41:49:f5:1b',
      Buffer.from('Cryptographic Forum Research Group').toString('hex'),
      'a8:06:1d:c1:30:51:36:c6:c2:2b:8b:af:0c:01:27:a9',
    ],
    [`02${'00'.repeat(31)}`, 'ff'.repeat(16), `03${'00'.repeat(15)}`],
    [`02${'00'.repeat(15)}${'ff'.repeat(16)}`, `02${'00'.repeat(15)}`, `03${'00'.repeat(15)}`],
    [`02${'00'.repeat(31)}`, `fd${'ff'.repeat(15)}`, `fa${'ff'.repeat(15)}`],
  ])('of a key %s', (key, message, tag) => {
    expect(poly1305(hex(message), hex(key))).toEqual(hex(tag));
  });
});

describe('a key for the recovery password', () => {
  const base = mkdtempSync(join(tmpdir(), 'berth-key-'));
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  let made = 0;
  function repository(...keys: object[]): string {
    made += 1;
    const directory = join(base, String(made));
    mkdirSync(join(directory, 'keys'), { recursive: true });
    for (const [n, key] of keys.entries()) writeFileSync(join(directory, 'keys', String(n)), JSON.stringify(key));
    return directory;
  }

  it('is written beside the first, as costly to guess, and holds the same master key', async () => {
    const directory = repository(byRestic);
    expect(await writeRecoveryKey(directory, 'bench', 'recovery')).toBe(true);
    const [name = ''] = readdirSync(join(directory, 'keys')).filter((one) => one !== '0');
    const path = join(directory, 'keys', name);
    const content = readFileSync(path, 'utf8');
    expect(createHash('sha256').update(content).digest('hex')).toBe(name);
    expect(statSync(path).mode & 0o777).toBe(0o400);
    const key = JSON.parse(content) as typeof byRestic;
    expect(key).toMatchObject({ username: 'berth-recovery', kdf: 'scrypt', N: 32768, r: 8, p: 1 });
    expect(key.data).not.toBe(byRestic.data);
    expect(key.salt).not.toBe(byRestic.salt);
    // It opens with its own password and no other, which what follows would say.
    expect(await writeRecoveryKey(repository(key), 'recovery', 'another')).toBe(true);
    expect(await writeRecoveryKey(repository(key), 'bench', 'another')).toBe(false);
  });

  const damaged = Buffer.from(byRestic.data, 'base64');
  damaged[40] = (damaged[40] ?? 0) ^ 1;
  it.each([
    ['the password is another', 'else', [byRestic]],
    ['it is damaged', 'bench', [{ ...byRestic, data: damaged.toString('base64') }]],
    ['its data is cut off', 'bench', [{ ...byRestic, data: 'zI2N' }]],
    ['it asks for more than is known here', 'bench', [{ ...byRestic, N: 2 ** 22 }]],
    ['it is of another form', 'bench', [{ ...byRestic, kdf: 'argon2' }]],
    ['there are two', 'bench', [byRestic, byRestic]],
    ['there is none', 'bench', []],
  ])('is left to restic, and nothing written: %s', async (_why, password, keys) => {
    const directory = repository(...keys);
    expect(await writeRecoveryKey(directory, password, 'recovery')).toBe(false);
    expect(readdirSync(join(directory, 'keys'))).toHaveLength(keys.length);
  });
});
