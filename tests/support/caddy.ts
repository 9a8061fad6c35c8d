import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { repoDir } from '#server/setup/context.ts';
import { withFileLock } from '#server/setup/lock.ts';
import { freePort } from './postgres.ts';

export type TestCaddy = {
  port: number;
  /** The certificate of its own authority, which has signed the others. */
  authority(): string;
  log(): string;
  stop(): Promise<void>;
};

/** Debian's Caddy, unpacked and not installed: installed, it would serve port 80 of this machine. */
async function caddyProgram(): Promise<string> {
  const kept = join(repoDir, '.build/caddy');
  const program = join(kept, 'usr/bin/caddy');
  if (existsSync(program)) return program;
  mkdirSync(join(repoDir, '.build'), { recursive: true });
  await withFileLock(join(repoDir, '.build/caddy.lock'), async () => {
    if (existsSync(program)) return;
    const part = `${kept}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part);
    const apt = (...args: string[]) =>
      execFileSync('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', ...args], { cwd: part, stdio: 'pipe' });
    try {
      apt('download', 'caddy');
    } catch {
      apt('update'); // the lists may be older than what the mirror has
      apt('download', 'caddy');
    }
    const [archive = ''] = readdirSync(part).filter((name) => name.endsWith('.deb'));
    execFileSync('dpkg-deb', ['--extract', archive, part], { cwd: part });
    rmSync(kept, { recursive: true, force: true });
    renameSync(part, kept);
  });
  return program;
}

/**
 * Caddy with a configuration as the documentation shows it, on a free port of loopback; its certificates are signed by an authority
 * of its own instead of a public one, and the panel, whose name is `host`, is looked for at `panelPort`.
 */
export async function startCaddy(
  documented: string,
  host: string,
  port: number,
  panelPort: number,
): Promise<TestCaddy> {
  const program = await caddyProgram();
  const directory = mkdtempSync(join(tmpdir(), 'berth-caddy-'));
  const options = [
    'admin off',
    `storage file_system ${directory}/kept`,
    'local_certs',
    'skip_install_trust',
    'auto_https disable_redirects',
    'default_bind 127.0.0.1',
    `http_port ${await freePort()}`,
    `https_port ${port}`,
  ].map((line) => `\t${line}\n`);
  const global = /^\{\n/m;
  const text = global.test(documented)
    ? documented.replace(global, `{\n${options.join('')}`)
    : `{\n${options.join('')}}\n${documented}`;
  const file = join(directory, 'Caddyfile');
  writeFileSync(file, text.replaceAll('127.0.0.1:8080', `127.0.0.1:${panelPort}`));
  let log = '';
  const child: ChildProcess = spawn(program, ['run', '--adapter', 'caddyfile', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      HOME: directory,
      XDG_DATA_HOME: directory,
      XDG_CONFIG_HOME: directory,
    },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      log += bytes.toString('utf8');
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (const until = Date.now() + 20_000; !(await listens(port)); await new Promise((r) => setTimeout(r, 50))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`Caddy does not start:\n${log}`);
  }
  // It signs its certificates after it has begun to listen; until then it breaks handshakes off.
  for (const until = Date.now() + 20_000; !(await greets(port, host)); await new Promise((r) => setTimeout(r, 50))) {
    if (Date.now() > until) throw new Error(`Caddy has no certificate for ${host}:\n${log}`);
  }
  return {
    port,
    authority: () => readFileSync(join(directory, 'kept/pki/authorities/local/root.crt'), 'utf8'),
    log: () => log,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Whether it answers under this name over TLS, with whatever certificate. */
function greets(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, servername: host, rejectUnauthorized: false });
    socket.on('secureConnect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
