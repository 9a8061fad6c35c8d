import { BerthError } from '#lib/contract/errors.ts';
import type { Transfers } from '../adapters.ts';
import type { World } from './world.ts';

/** Archives of simulated containers, as they come: nothing is compressed. */
export function simTransfers(world: World): Transfers {
  const bytesOf = (id: string) => Buffer.from(world.disk.transfers[id] ?? '', 'base64');
  const put = (id: string, bytes: Buffer) => {
    world.disk.transfers[id] = bytes.toString('base64');
    world.save();
    return bytes.length;
  };
  const joined = async (had: Buffer, content: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = [had];
    for await (const chunk of content) parts.push(chunk);
    return Buffer.concat(parts);
  };
  return {
    async pack(id, tar, mostBytes) {
      const bytes = await joined(Buffer.alloc(0), tar);
      if (bytes.length > mostBytes) throw new BerthError('no_space', 'The file became larger than there is room for.');
      await world.delay(100);
      return put(id, bytes);
    },
    async append(id, content, mostBytes) {
      const bytes = await joined(bytesOf(id), content);
      if (bytes.length > mostBytes) throw new BerthError('invalid', 'More came than was announced.');
      return put(id, bytes);
    },
    size: (id) => (world.disk.transfers[id] === undefined ? null : bytesOf(id).length),
    async *read(id, offset) {
      yield bytesOf(id).subarray(offset);
    },
    remove(id) {
      delete world.disk.transfers[id];
      world.save();
    },
    list: () => Object.keys(world.disk.transfers),
  };
}
