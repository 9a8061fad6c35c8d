import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Answered, Asked, Outbound } from '../../sys/outbound.ts';
import { discard, readBody } from '../../sys/outbound.ts';
import { accepted, isBlobName, mostListBytes, mostListed, type ObjectName, type Objects } from './objects.ts';

const nothing = createHash('sha256').digest('hex');
/** Of a thousand names each. */
const mostPages = mostListed / 1000;
const field = (text: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
const unescaped = (text: string) =>
  text.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_all, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );

/**
 * A bucket that speaks S3, addressed by path (every such server understands that), requests signed with version 4. What is written is
 * signed with its SHA-256, so that the server checks what arrives. The layout is restic's own for S3.
 */
export function s3Objects(
  ask: Outbound,
  location: BackupLocation & { kind: 's3' },
  credentials: { user: string; password: string } | undefined,
): Objects {
  if (credentials === undefined) throw new BerthError('invalid', 'A bucket needs an access key.');
  const { url, bucket, prefix, region } = location;
  const base = `${url.replace(/\/+$/, '')}/${bucket}`;
  const within = prefix === '' ? '' : `${prefix}/`;
  const keyOf = (object: ObjectName) => {
    if (object.type === 'config') return `${within}${object.repository}/config`;
    const folder = object.type === 'data' ? `data/${object.name.slice(0, 2)}` : object.type;
    return `${within}${object.repository}/${folder}/${object.name}`;
  };
  const send = async (
    label: string,
    asked: Omit<Asked, 'url'> & { url: string },
    sha256 = nothing,
  ): Promise<Answered> => {
    const { user: accessKeyId, password: secretAccessKey } = credentials;
    const headers = { ...asked.headers, 'x-amz-content-sha256': sha256 };
    const { method } = asked;
    const signer = new AwsV4Signer({
      method,
      url: asked.url,
      headers,
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
    });
    const signed = await signer.sign();
    return await ask(label, { ...asked, url: signed.url, headers: Object.fromEntries(signed.headers) });
  };
  return {
    async make() {},
    async size(object) {
      const answer = await send('REMOTE:SIZE', { method: 'HEAD', url: `${base}/${keyOf(object)}` });
      await discard(answer.body);
      if (answer.status === 404) return undefined;
      return Number((await accepted(answer, 'size')).headers['content-length'] ?? 0);
    },
    async read(object, range) {
      const headers: Record<string, string> = range === undefined ? {} : { range };
      const answer = await send('REMOTE:READ', { method: 'GET', url: `${base}/${keyOf(object)}`, headers });
      if (answer.status !== 404) return await accepted(answer, 'read');
      await discard(answer.body);
      return undefined;
    },
    async write(object, body, sha256) {
      const answer = await send('REMOTE:WRITE', { method: 'PUT', url: `${base}/${keyOf(object)}`, body }, sha256);
      await discard((await accepted(answer, 'write')).body);
    },
    async remove(object) {
      const answer = await send('REMOTE:REMOVE', { method: 'DELETE', url: `${base}/${keyOf(object)}` });
      if (answer.status !== 404) await accepted(answer, 'remove');
      await discard(answer.body);
    },
    async list(repository, type) {
      const found: { name: string; size: number }[] = [];
      let next: string | undefined;
      let pages = 0;
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix: `${within}${repository}/${type}/` });
        if (next !== undefined) query.set('continuation-token', next);
        const answer = await accepted(await send('REMOTE:LIST', { method: 'GET', url: `${base}?${query}` }), 'list');
        const text = (await readBody(answer.body, mostListBytes)).toString();
        for (const [, entry = ''] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const name = field(entry, 'Key')?.split('/').at(-1) ?? '';
          if (isBlobName(name)) found.push({ name, size: Number(field(entry, 'Size')) });
        }
        pages += 1;
        const token = field(text, 'IsTruncated') === 'true' ? field(text, 'NextContinuationToken') : undefined;
        if (found.length > mostListed || pages > mostPages)
          throw new BerthError('action_failed', 'The bucket lists without end.');
        next = token === undefined ? undefined : unescaped(token);
      } while (next !== undefined);
      return found;
    },
  };
}
