/** A layer that cannot be read on this host, or is not wanted there: an error of that order, and nothing left open. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Objects } from '#agent/backup/remote/objects.ts';
import { remoteVault } from '#agent/backup/remote/vault.ts';

const directory = mkdtempSync(join(tmpdir(), 'berth-store-layer-'));
afterAll(() => rmSync(directory, { recursive: true }));
const digest = `sha256:${'0'.repeat(64)}`;

function vaultOver(write: Objects['write']) {
  const objects = { make: async () => {}, read: async () => undefined, write } as unknown as Objects;
  const id = '0198c5a0-0000-7000-8000-000000000001';
  const location = { kind: 'rest' as const, id, url: 'https://x.test', owner: 'tenant' as const, appendOnly: false };
  const repository = { location, tenantId: id, password: 'p', recoveryPassword: 'r' };
  const tools = { objects, working: directory, nursery: directory, compared: new Map<string, number>() };
  return remoteVault(repository, { ...tools, restic: undefined as never, publisher: undefined as never });
}

const openHere = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(directory);
    } catch {
      return false; // the one that reads this directory
    }
  });

it('a file that fails while it is read fails the order, and nothing else', async () => {
  const vault = vaultOver(async (_object, { stream }) => {
    for await (const _piece of stream);
  });
  // A directory can be opened, and not be read.
  await expect(vault.storeLayer(digest, directory)).rejects.toMatchObject({ code: 'EISDIR' });
});

it('a server that has seen enough leaves no file open', async () => {
  const file = join(directory, 'layer');
  writeFileSync(file, Buffer.alloc(8 * 1024 * 1024));
  const vault = vaultOver(async (_object, { stream }) => {
    await new Promise((read) => stream.once('data', read));
    stream.destroy();
    throw new Error('no more');
  });
  await expect(vault.storeLayer(digest, file)).rejects.toMatchObject({ code: 'action_failed' });
  await expect.poll(openHere).toEqual([]);
});
