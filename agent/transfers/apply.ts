/** Archives of whole systems on the pool's disk: those to be fetched, and those that come in. Named by their id and nothing else. */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Transfers } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import { extendFile, receiveFile, TooMuchError } from '#agent/sys/arriving.ts';
import { makeDirectory, remove } from '#agent/sys/files.ts';
import { BerthError } from '#lib/contract/errors.ts';

const readBytes = 256 * 1024;

export function createTransfers(config: Pick<AgentConfig, 'poolPath'>): Transfers {
  const folder = `${config.poolPath}/transfers`;
  const path = (id: string) => `${folder}/${id}`;
  if (!existsSync(folder)) makeDirectory('TRANSFER:DIRECTORY', folder);
  // Of an agent that was killed: nobody finishes it.
  for (const name of readdirSync(folder)) if (name.endsWith('.new')) remove('TRANSFER:LEFTOVER', `${folder}/${name}`);

  return {
    async pack(id, tar, mostBytes) {
      const zstd = createZstdCompress({
        params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
      });
      const feeding = pipeline(Readable.from(tar, { objectMode: false }), zstd);
      feeding.catch(() => {}); // it breaks the other end too, which tells
      try {
        const bytes = await receiveFile('TRANSFER:PACK', path(id), zstd, mostBytes);
        await feeding;
        return bytes;
      } catch (error) {
        zstd.destroy();
        if (!(error instanceof TooMuchError)) throw error;
        throw new BerthError('no_space', 'The file became larger than there is room for.', { cause: error });
      }
    },
    async append(id, content, mostBytes) {
      try {
        return await extendFile('TRANSFER:APPEND', path(id), content, mostBytes);
      } catch (error) {
        if (!(error instanceof TooMuchError)) throw error;
        throw new BerthError('invalid', 'More came than was announced.', { cause: error });
      }
    },
    size: (id) => statSync(path(id), { throwIfNoEntry: false })?.size ?? null,
    // Opened when somebody begins to read: until then nobody would close it, or hear of its errors.
    async *read(id, offset) {
      yield* createReadStream(path(id), { start: offset, highWaterMark: readBytes }) as AsyncIterable<Uint8Array>;
    },
    remove: (id) => remove('TRANSFER:REMOVE', path(id)),
    list: () => readdirSync(folder).filter((name) => !name.endsWith('.new')),
  };
}
