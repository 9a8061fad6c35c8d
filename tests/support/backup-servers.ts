/** Real servers to back up to: rclone's of restic's REST protocol, and one that speaks S3. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import { guardServer } from './sweep.ts';

export type BackupServer = {
  /** Where it keeps what it is given, for tests that damage or count it. */
  directory: string;
  location: Exclude<BackupLocation, { kind: 'directory' }>;
  credentials: { user: string; password: string };
  /** The same repositories, to which one who may delete signs in. */
  maintenance(): Promise<BackupServer>;
  stop(): Promise<void>;
};

const user = 'berth';
const password = 'a password of the backup server';

/** Starts a server and waits until it says, on either of its outputs, where it listens. */
async function serve(command: string, args: readonly string[]): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise<string>((done, failed) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /(http:\/\/127\.0\.0\.1:\d+)\//.exec(said)?.[1];
      if (found !== undefined) done(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => failed(new Error(`${command} ended: ${said}`)));
    child.once('error', failed);
  });
  return { url, process: child };
}

function rclone(directory: string, appendOnly: boolean) {
  const words = ['serve', 'restic', '--addr', '127.0.0.1:0', '--user', user, '--pass', password];
  return serve('rclone', [...words, ...(appendOnly ? ['--append-only'] : []), '--cache-objects=false', directory]);
}

/** `stop` for what is made of a server: that ends, and what lies in its directory goes. */
function stopper(child: ChildProcess, directory: string, others: readonly BackupServer[]): () => Promise<void> {
  const clean = guardServer(child.pid ?? 0, directory);
  return async () => {
    for (const other of others) await other.stop();
    await end(child);
    rmSync(directory, { recursive: true, force: true });
    clean();
  };
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = new Promise((done) => process.once('exit', done));
  process.kill('SIGTERM');
  await gone;
}

/** rclone's server of restic's REST protocol; an append-only one lets nobody delete. */
export async function startRestServer(appendOnly: boolean, directory = mkdtempSync('/var/tmp/berth-rest-')) {
  const { url, process } = await rclone(directory, appendOnly);
  const others: BackupServer[] = [];
  const server: BackupServer = {
    directory,
    location: { kind: 'rest', id: uuidv7(), url, owner: 'provider', appendOnly },
    credentials: { user, password },
    async maintenance() {
      const other = await startRestServer(false, directory);
      others.push(other);
      return { ...other, location: { ...other.location, id: server.location.id } };
    },
    stop: stopper(process, directory, others),
  };
  return server;
}

const appendOnlyPolicy = new URL('../../docs/s3-append-only-policy.json', import.meta.url).pathname;

/** A bucket on a server that speaks S3 and checks signatures; an append-only one goes by the policy that the documentation gives. */
export async function startS3Server(
  appendOnly = false,
  directory = mkdtempSync('/var/tmp/berth-s3-'),
): Promise<BackupServer> {
  const bucket = 'backups';
  const program = new URL('./s3-server.ts', import.meta.url).pathname;
  const { url, process: child } = await serve(process.execPath, [
    program,
    directory,
    bucket,
    ...(appendOnly ? [appendOnlyPolicy] : []),
  ]);
  const location = { kind: 's3' as const, id: uuidv7(), url, owner: 'provider' as const, appendOnly };
  const others: BackupServer[] = [];
  const made: BackupServer = {
    directory: join(directory, bucket),
    location: { ...location, bucket, prefix: 'berth/one', region: 'us-east-1' },
    credentials: { user: 'S3RVER', password: 'S3RVER' },
    async maintenance() {
      if (!appendOnly) return made;
      const other = await startS3Server(false, directory);
      others.push(other);
      return { ...other, location: { ...other.location, id: made.location.id } };
    },
    stop: stopper(child, directory, others),
  };
  return made;
}
