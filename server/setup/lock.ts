import { spawn } from 'node:child_process';

/**
 * Runs `work` while nobody else on this machine holds the lock on `path`, a file or a directory: the kernel's own lock, so it ends with its
 * holder however that ends. Waits as long as it takes. A file that is not there is made, and stays.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  // The holder says a line once it has the lock, and keeps it until its input closes: with us, at the latest.
  const holder = spawn('flock', [path, 'sh', '-c', 'echo held; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  holder.stdin.on('error', () => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', (cause) => reject(new Error('flock cannot be started', { cause })));
      holder.once('close', (code) => reject(new Error(`${path} cannot be locked (flock ended with status ${code})`)));
    });
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
