/**
 * The form of a panel backup: a tar archive encrypted to an age recipient (age-encryption.org/v1), so that `age -d` and `tar`
 * open it when nothing of Berth is left. The archive has `manifest.json`, which names every other file with its SHA-256.
 */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';
import { sha256File, writeFileDurably } from '../setup/files.ts';
import { stagingDirectory } from './staging.ts';

export const Manifest = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Name of the installation, its version, and the PostgreSQL that made the dump. */
  name: z.string(),
  version: z.string(),
  postgres: z.string(),
  stateDir: z.string(),
  /** Rows at the time of the dump, for the check. */
  rows: z.record(z.string(), z.int()),
  files: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

const bytesOf = (stream: Readable) => Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;

/** A backup that cannot be opened or is not whole. Nothing was changed. */
export class BadBackup extends Error {}

async function filesBelow(root: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const lists = entries.map((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
  return (await Promise.all(lists)).flat().sort();
}

/** Puts a directory into an encrypted file, with a manifest of all that is in it. The file appears whole or not at all. */
export async function writeArchive(
  directory: string,
  file: string,
  recipient: string,
  about: Omit<Manifest, 'format' | 'files'>,
): Promise<void> {
  const files: Record<string, string> = {};
  for (const path of await filesBelow(directory)) files[path] = await sha256File(join(directory, path));
  const manifest: Manifest = { format: 1, ...about, files };
  await writeFileDurably(join(directory, 'manifest.json'), JSON.stringify(manifest, null, 2), { mode: 0o600 });
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const tar = spawn('tar', ['--create', '--directory', directory, '--file', '-', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = endOf(tar);
  const making = `${file}.new`;
  try {
    const sealed = await encrypter.encrypt(bytesOf(tar.stdout));
    await pipeline(Readable.fromWeb(sealed as NodeStream), createWriteStream(making, { mode: 0o600 }));
    await ended;
    await sync(making);
    await rename(making, file);
    await sync(join(file, '..'));
  } catch (error) {
    tar.kill();
    await rm(making, { force: true });
    throw error;
  }
}

function endOf(child: ReturnType<typeof spawn>): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new BadBackup(`tar ended with ${code}`))));
  });
  ended.catch(() => undefined);
  return ended;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

/**
 * Opens a backup into a new directory below `parent` (root only) and compares every file with the manifest. Throws
 * {@link BadBackup}, leaving nothing. Whoever calls removes the directory.
 */
export async function openArchive(
  file: string,
  identity: string,
  parent: string,
): Promise<{ directory: string; manifest: Manifest }> {
  const directory = await stagingDirectory(parent, '.panel-');
  try {
    await unpack(file, identity, directory);
    const text = await readFile(join(directory, 'manifest.json'), 'utf8');
    const manifest = Manifest.parse(JSON.parse(text));
    const there = (await filesBelow(directory)).filter((path) => path !== 'manifest.json');
    if (there.join('\n') !== Object.keys(manifest.files).sort().join('\n')) {
      throw new BadBackup('The backup does not have the files that its manifest names.');
    }
    for (const [path, digest] of Object.entries(manifest.files)) {
      if ((await sha256File(join(directory, path))) !== digest)
        throw new BadBackup(`${path} in the backup is damaged.`);
    }
    return { directory, manifest };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    if (error instanceof BadBackup) throw error;
    throw new BadBackup(`${file} is damaged or no backup of a panel.`, { cause: error });
  }
}

async function unpack(file: string, identity: string, directory: string): Promise<void> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity.trim());
  } catch (cause) {
    throw new BadBackup('This is no recovery key: it begins with AGE-SECRET-KEY-1.', { cause });
  }
  const source = createReadStream(file);
  const opened = await decrypter.decrypt(bytesOf(source)).catch((cause: unknown) => {
    const why = cause instanceof Error && /no identity matched/.test(cause.message);
    throw new BadBackup(why ? 'The recovery key is not that of this backup.' : `${file} cannot be opened.`, { cause });
  });
  const args = ['--extract', '--no-same-owner', '--no-same-permissions', '--directory', directory, '--file', '-'];
  const tar = spawn('tar', args, { stdio: ['pipe', 'inherit', 'ignore'] });
  const ended = endOf(tar);
  try {
    await pipeline(Readable.fromWeb(opened as NodeStream), tar.stdin);
  } catch (error) {
    // Nothing may still be writing when the directory is removed.
    tar.kill('SIGKILL');
    await ended.catch(() => undefined);
    throw error;
  }
  await ended;
}
