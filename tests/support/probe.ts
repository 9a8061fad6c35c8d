/**
 * The isolation probe (tests/support/probe/*.c): a static program that tries doors out of a container and says which open. It is compiled
 * here, for it must run where there is no interpreter, and see what the kernel says rather than what a library makes of it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type DoorState = { name: string; state: 'open' | 'closed' | 'untried'; detail: string };

/** Compiles the probe into `directory` and gives its path. */
export function buildProbe(directory: string): string {
  const source = new URL('./probe/', import.meta.url).pathname;
  const files = readdirSync(source).filter((name) => name.endsWith('.c'));
  const program = join(directory, 'probe');
  const options = ['-std=gnu17', '-O1', '-static', '-Wall', '-Wextra', '-Werror', '-Wno-missing-field-initializers'];
  execFileSync('gcc', [...options, '-o', program, ...files.map((name) => join(source, name))], { stdio: 'pipe' });
  return program;
}

export function parseDoors(output: string): DoorState[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', state = '', detail = ''] = line.split('\t');
      if (state !== 'open' && state !== 'closed' && state !== 'untried') throw new Error(`not a door: ${line}`);
      return { name, state, detail };
    });
}

export const openDoors = (doors: readonly DoorState[]) =>
  doors.filter((door) => door.state === 'open').map((door) => door.name);

/** Things of the host that a container must not reach, and the words that tell the probe of them. */
export type Outside = { argv: string[]; file: string; cleanUp(): Promise<void> };

export async function makeOutside(): Promise<Outside> {
  const directory = mkdtempSync(join(tmpdir(), 'berth-outside-'));
  const file = join(directory, 'letter');
  writeFileSync(file, 'of the host\n');
  const { dev, ino } = statSync(file);
  const [socket, port] = [`berth-outside-${process.pid}`, await listening(0)];
  const abstract = await listening(`\0${socket}`);
  const token = `berth-outsider-${process.pid}`;
  const outsider = spawn('/bin/sleep', ['3600'], { stdio: 'ignore', argv0: token });
  const shm = execFileSync('ipcmk', ['-M', '4096', '-p', '0666'], { encoding: 'utf8' }).trim().split(' ').at(-1) ?? '';
  const key = /^(0x[0-9a-f]+)\s+/.exec(
    execFileSync('ipcs', ['-m'], { encoding: 'utf8' })
      .split('\n')
      .find((line) => line.split(/\s+/)[1] === shm) ?? '',
  )?.[1];
  return {
    file,
    argv: [
      `socket=${socket}`,
      `port=${(port.address() as { port: number }).port}`,
      `shm=${Number(key)}`,
      `file=${file}`,
      `inode=${dev}:${ino}`,
      `token=${token}`,
    ],
    async cleanUp() {
      outsider.kill('SIGKILL');
      execFileSync('ipcrm', ['-m', shm]);
      for (const server of [port, abstract]) server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function listening(where: number | string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    if (typeof where === 'number') server.listen(where, '127.0.0.1', () => resolve(server));
    else server.listen(where, () => resolve(server));
  });
}

/**
 * The same probe as root of the host, in nothing but a mount namespace of its own: what is open here is a door that the probe can
 * see, so its being shut in a container means something.
 */
export function probeControl(program: string, outside: Outside): DoorState[] {
  const output = execFileSync('unshare', ['--mount', program, '--control', ...outside.argv], { encoding: 'utf8' });
  return parseDoors(output);
}
