/** What servers elsewhere say, as they may say it: lists in pieces and without end, keys that cost more than anybody has. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isAffordableKey } from '#agent/backup/remote/keys.ts';
import { understood } from '#agent/backup/remote/objects.ts';
import { restObjects } from '#agent/backup/remote/rest.ts';
import { s3Objects } from '#agent/backup/remote/s3.ts';
import type { Answered, Asked, Outbound } from '#agent/sys/outbound.ts';
import { BerthError } from '#lib/contract/errors.ts';

const id = '0198c5a0-0000-7000-8000-000000000001';
const remote = { id, url: 'https://backup.example.test', owner: 'tenant' as const, appendOnly: false };
const bucket = { kind: 's3' as const, ...remote, bucket: 'ours', prefix: 'a/b', region: 'eu-1' };
const credentials = { user: 'key', password: 'a secret key' };
const answer = (text: string, status = 200) =>
  ({ status, headers: {}, body: Readable.from([Buffer.from(text)]), address: undefined }) as unknown as Answered;

/** Answers by `say`, and keeps what was asked. */
function server(say: (asked: Asked, nth: number) => Answered): { ask: Outbound; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask: Outbound = async (_label, one) => {
    asked.push(one);
    return say(one, asked.length - 1);
  };
  return { ask, asked };
}
const name = (n: number) => n.toString(16).padStart(64, '0');
const entry = (n: number) => `<Contents><Key>a/b/tenants/t/data/00/${name(n)}</Key><Size>${n}</Size></Contents>`;
const page = (entries: string, next?: string) =>
  answer(
    `<ListBucketResult>${entries}${next === undefined ? '' : `<IsTruncated>true</IsTruncated><NextContinuationToken>${next}</NextContinuationToken>`}</ListBucketResult>`,
  );

describe('a bucket', () => {
  it('is listed in pieces, names that are none left out', async () => {
    const { ask, asked } = server((_one, nth) =>
      nth === 0
        ? page(`${entry(1)}<Contents><Key>a/b/tenants/t/data/../../x</Key><Size>1</Size></Contents>`, 'more&amp;+/=')
        : page(entry(2)),
    );
    expect(await s3Objects(ask, bucket, credentials).list('tenants/t', 'data')).toEqual([
      { name: name(1), size: 1 },
      { name: name(2), size: 2 },
    ]);
    expect(asked.map(({ url }) => url.searchParams.get('continuation-token'))).toEqual([null, 'more&+/=']);
    expect(asked[0]?.url.searchParams.get('prefix')).toBe('a/b/tenants/t/data/');
    expect(asked.every(({ headers }) => headers?.authorization?.startsWith('AWS4-HMAC-SHA256 '))).toBe(true);
    expect(JSON.stringify(asked)).not.toContain(credentials.password);
  });

  it('that lists without end is left', async () => {
    const { ask, asked } = server((_one, nth) => page('', `token-${nth}`));
    await expect(s3Objects(ask, bucket, credentials).list('tenants/t', 'data')).rejects.toThrow('without end');
    expect(asked.length).toBeLessThan(3000);
  });

  it('needs an access key', () => {
    expect(() => s3Objects(server(() => answer('')).ask, bucket, undefined)).toThrow('access key');
  });
});

describe('a server of the REST protocol', () => {
  const objects = (say: () => Answered) =>
    restObjects(server(say).ask, { kind: 'rest', ...remote, url: 'https://backup.example.test/base/' }, credentials);

  it('that sends something else than a list is at fault, and said to be', async () => {
    for (const text of ['<html>', '{"name":1}', '[{"name":1,"size":2}]'])
      await expect(
        understood(() => objects(() => answer(text)).list('tenants/t', 'keys')),
        text,
      ).rejects.toThrow('as it should');
  });

  it('is refused by its status: elsewhere, not allowed, broken', async () => {
    const read = (status: number) => objects(() => answer('', status)).read({ repository: 'r', type: 'config' });
    await expect(read(307)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(read(401)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(read(500)).rejects.toMatchObject({ code: 'action_failed' });
    expect(await read(404)).toBeUndefined();
  });

  it('is asked below its address, with what one signs in with in the header alone', async () => {
    const { ask, asked } = server(() => answer('', 404));
    const at = { kind: 'rest' as const, ...remote, url: 'https://backup.example.test/base/' };
    await restObjects(ask, at, credentials).size({ repository: 'tenants/t', type: 'keys', name: name(1) });
    expect(asked[0]?.url.href).toBe(`https://backup.example.test/base/tenants/t/keys/${name(1)}`);
    expect(asked[0]?.headers?.authorization).toBe(`Basic ${Buffer.from('key:a secret key').toString('base64')}`);
  });
});

describe('keys', () => {
  const key = (change: object) => Buffer.from(JSON.stringify({ kdf: 'scrypt', N: 32768, r: 8, p: 5, ...change }));
  it('that restic makes are affordable; what asks for more, or is none, is not', () => {
    expect(isAffordableKey(key({}))).toBe(true);
    for (const bad of [{ N: 2 ** 26 }, { r: 2 ** 20 }, { p: 1000 }, { N: 0 }, { N: -5 }, { kdf: 'other' }, { N: 'x' }])
      expect(isAffordableKey(key(bad)), JSON.stringify(bad)).toBe(false);
    expect(isAffordableKey(Buffer.from('not json'))).toBe(false);
  });
});

it('what is of this host stays told as it is', async () => {
  const ours = Object.assign(new Error('no space'), { code: 'ENOSPC', path: '/x' });
  await expect(understood(() => Promise.reject(ours))).rejects.toBe(ours);
  await expect(understood(() => Promise.reject(new Error('aborted')))).rejects.toBeInstanceOf(BerthError);
});
