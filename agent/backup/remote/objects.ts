import type { Readable } from 'node:stream';
import { BerthError } from '#lib/contract/errors.ts';
import type { Answered } from '../../sys/outbound.ts';
import { discard } from '../../sys/outbound.ts';
import { CommandError } from '../../sys/process.ts';

export const blobTypes = ['data', 'index', 'keys', 'locks', 'snapshots'] as const;
export type BlobType = (typeof blobTypes)[number];

/** One thing in a repository: its `config`, or a blob named by the SHA-256 of its content. */
export type ObjectName = { repository: string; type: BlobType; name: string } | { repository: string; type: 'config' };

/**
 * What a server elsewhere keeps, in the words of restic's REST protocol: repositories (a path in the location) of blobs. Both
 * kinds of server lay them out as restic does, so that bare restic opens a repository by its address. Every method rejects with
 * a {@link BerthError}: `forbidden` when the address or the credentials are refused, else `action_failed`.
 */
export interface Objects {
  /** Makes what a repository needs before its first object. */
  make(repository: string): Promise<void>;
  /** Its size in bytes; undefined when there is none. */
  size(object: ObjectName): Promise<number | undefined>;
  /** `range` as in HTTP. The caller reads or destroys the body; undefined when there is none. */
  read(object: ObjectName, range?: string): Promise<Answered | undefined>;
  /** `sha256` in hexadecimal, for those who check it on the way. */
  write(object: ObjectName, content: { stream: Readable; bytes: number }, sha256: string): Promise<void>;
  /** What is not there is removed already. */
  remove(object: ObjectName): Promise<void>;
  list(repository: string, type: BlobType): Promise<{ name: string; size: number }[]>;
}

/** Long lists come in pieces; one piece is no longer than this. */
export const mostListBytes = 64 * 1024 * 1024;
/** A tenant of many terabytes has fewer: with more, the list is there to fill memory. */
export const mostListed = 2_000_000;
/**
 * How long a blob of each kind may be that is read: restic keeps all but data whole in memory while it looks at one. Its packs have
 * some 16 MiB, its indexes and lists of folders less.
 */
export const mostBlobBytes: Record<BlobType | 'config', number> = {
  config: 64 * 1024,
  keys: 64 * 1024,
  locks: 64 * 1024,
  snapshots: 4 * 1024 * 1024,
  index: 64 * 1024 * 1024,
  data: 1024 * 1024 * 1024,
};
export const isBlobName = (name: string) => /^[0-9a-f]{64}$/.test(name);

/** The answer of a server that did what it was asked; for others the error that says why it did not. */
export async function accepted(answer: Answered, about: string): Promise<Answered> {
  const { status } = answer;
  if (status >= 200 && status < 300) return answer;
  await discard(answer.body);
  const inside = `${about}: ${status}`;
  if (status >= 300 && status < 400)
    throw new BerthError('forbidden', 'The backup location points elsewhere, which is not followed.', { inside });
  if (status === 401 || status === 403)
    throw new BerthError('forbidden', 'The backup location refused what this server may do there.', { inside });
  if (status === 404) throw new BerthError('action_failed', 'The backup location has no such place.', { inside });
  throw new BerthError('action_failed', `The backup location answered ${status}.`, { inside });
}

/** What goes wrong while an answer is read, or is not in the form it should have, is told as the location's fault. */
export async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const ours = error instanceof BerthError || error instanceof CommandError;
    if (ours || (error instanceof Error && 'path' in error)) throw error; // the last: of this host's own files
    throw new BerthError('action_failed', 'The backup location does not answer as it should.', {
      inside: error instanceof Error ? error.message.slice(0, 500) : String(error),
      cause: error,
    });
  }
}
