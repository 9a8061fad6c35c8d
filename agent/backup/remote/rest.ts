import { z } from 'zod';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import type { Outbound } from '../../sys/outbound.ts';
import { discard, readBody } from '../../sys/outbound.ts';
import { accepted, isBlobName, mostListBytes, type ObjectName, type Objects } from './objects.ts';

const Listed = z.array(z.object({ name: z.string(), size: z.number() }));
const listFormat = 'application/vnd.x.restic.rest.v2';

/** A server of restic's REST protocol: https://restic.readthedocs.io/en/stable/REST_backend.html */
export function restObjects(
  ask: Outbound,
  location: BackupLocation & { kind: 'rest' },
  credentials: { user: string; password: string } | undefined,
): Objects {
  const base = location.url.replace(/\/+$/, '');
  const signedIn =
    credentials === undefined
      ? {}
      : {
          authorization: `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`,
        };
  const at = (path: string) => new URL(`${base}/${path}`);
  const pathOf = (object: ObjectName) =>
    object.type === 'config' ? `${object.repository}/config` : `${object.repository}/${object.type}/${object.name}`;
  return {
    async make(repository) {
      const asked = { method: 'POST' as const, url: at(`${repository}/?create=true`), headers: signedIn };
      const answer = await ask('REMOTE:MAKE', asked);
      // rest-server says that of one that is there already; what follows will tell whether it can be used.
      if (answer.status === 400 || answer.status === 403 || answer.status === 409) return await discard(answer.body);
      await discard((await accepted(answer, 'make')).body);
    },
    async size(object) {
      const answer = await ask('REMOTE:SIZE', { method: 'HEAD', url: at(pathOf(object)), headers: signedIn });
      await discard(answer.body);
      if (answer.status === 404) return undefined;
      return Number((await accepted(answer, 'size')).headers['content-length'] ?? 0);
    },
    async read(object, range) {
      const headers = { ...signedIn, ...(range === undefined ? {} : { range }) };
      const answer = await ask('REMOTE:READ', { method: 'GET', url: at(pathOf(object)), headers });
      if (answer.status !== 404) return await accepted(answer, 'read');
      await discard(answer.body);
      return undefined;
    },
    async write(object, body) {
      const asked = { method: 'POST' as const, url: at(pathOf(object)), headers: signedIn, body };
      await discard((await accepted(await ask('REMOTE:WRITE', asked), 'write')).body);
    },
    async remove(object) {
      const answer = await ask('REMOTE:REMOVE', { method: 'DELETE', url: at(pathOf(object)), headers: signedIn });
      if (answer.status !== 404) await accepted(answer, 'remove');
      await discard(answer.body);
    },
    async list(repository, type) {
      const headers = { ...signedIn, accept: listFormat };
      const answer = await ask('REMOTE:LIST', { method: 'GET', url: at(`${repository}/${type}/`), headers });
      if (answer.status === 404) {
        await discard(answer.body);
        return [];
      }
      const { body } = await accepted(answer, 'list');
      const listed = Listed.parse(JSON.parse((await readBody(body, mostListBytes)).toString()) ?? []);
      return listed.filter(({ name }) => isBlobName(name));
    },
  };
}
