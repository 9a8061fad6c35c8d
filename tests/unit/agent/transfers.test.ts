import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { createTransfers } from '#agent/transfers/apply.ts';

const poolPath = mkdtempSync(join(tmpdir(), 'berth-transfers-'));
afterAll(() => rmSync(poolPath, { recursive: true }));
const openHere = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(poolPath);
    } catch {
      return false; // the one that reads this directory
    }
  });

it('an archive is open for as long as it is read, and not before', async () => {
  const transfers = createTransfers({ poolPath });
  writeFileSync(join(poolPath, 'transfers/one'), Buffer.alloc(1024 * 1024, 1));
  // Whoever asked for it has gone before the answer began.
  Readable.from(transfers.read('one', 0)).destroy();
  const broken = transfers.read('one', 0)[Symbol.asyncIterator]();
  await broken.next();
  expect(openHere()).toHaveLength(1);
  await broken.return?.();
  await expect.poll(openHere).toEqual([]);
  // Gone between a look at it and its first byte: an error of who reads.
  await expect(transfers.read('two', 0)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ENOENT' });
});
