import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { SetupContext } from './context.ts';

/** A process that listens somewhere: enough for an operator to find it. Arguments are left out: they may be secret. */
export type Listener = { pid: number; program: string };

/** What is in the way of a port of ours; `option` is how to choose another one. */
export type PortFault = { option: string; port: number; found: string; holder: Listener | undefined };

type Wanted = { option: string; host: string; port: number };

function wantedPorts({ config }: SetupContext): Wanted[] {
  const host = config.bind === 'localhost' ? '127.0.0.1' : config.bind;
  return [
    { option: '--port', host, port: config.port },
    { option: '--agent-port', host: '127.0.0.1', port: config.agentPort },
    ...(config.postgresPort === undefined
      ? []
      : [{ option: '--postgres-port', host: '127.0.0.1', port: config.postgresPort }]),
  ];
}

/**
 * What keeps the installation from listening where it is to: two of its own ports that are the same, an address this
 * machine does not have, or a port that a process outside the installation holds. Tried for real, by listening.
 */
export async function portFaults(context: SetupContext): Promise<PortFault[]> {
  const faults: PortFault[] = [];
  const seen = new Map<number, string>();
  for (const { option, host, port } of wantedPorts(context)) {
    const other = seen.get(port);
    seen.set(port, option);
    if (other !== undefined) {
      faults.push({ option, port, found: `port ${port} is also that of ${other}`, holder: undefined });
      continue;
    }
    const refused = await tryToListen(host, port);
    if (refused === undefined) continue;
    if (refused !== 'EADDRINUSE') {
      const found = refused === 'EADDRNOTAVAIL' ? `this machine does not have the address ${host}` : refused;
      faults.push({ option: refused === 'EADDRNOTAVAIL' ? '--bind' : option, port, found, holder: undefined });
      continue;
    }
    const holders = listenersOn(port);
    if (holders.some(({ pid }) => isOurs(pid, context.stateDir))) continue;
    const [holder] = holders;
    const who = holder === undefined ? 'something' : `${holder.program} (process ${holder.pid})`;
    faults.push({ option, port, found: `port ${port} is held by ${who}`, holder });
  }
  return faults;
}

/** Throws one sentence a port that somebody else has, with the option that chooses another. */
export async function refuseTakenPorts(context: SetupContext): Promise<void> {
  const faults = await portFaults(context);
  if (faults.length > 0) throw new Error(faults.map(portSentence).join('\n'));
}

export function portSentence({ option, found, holder }: PortFault): string {
  const end = holder === undefined ? '' : ' End that process, or';
  const choose = option === '--bind' ? 'give one that it has with --bind' : `choose another port with ${option}`;
  return `${found[0]?.toUpperCase()}${found.slice(1)}.${end} ${end === '' ? choose[0]?.toUpperCase() + choose.slice(1) : choose}.`;
}

/** The code of the refusal, undefined when it can be listened on. */
function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** Processes that listen on a TCP port of this machine, at whatever address. Sees those of others only as root. */
export function listenersOn(port: number): Listener[] {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((name) => listeningInodes(join('/proc/self/net', name), port)));
  if (inodes.size === 0) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const open = readdirSync(join('/proc', name, 'fd')).some((fd) => {
          const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(join('/proc', name, 'fd', fd)))?.[1];
          return inode !== undefined && inodes.has(inode);
        });
        if (!open) return [];
        return [{ pid: Number(name), program: readFileSync(join('/proc', name, 'comm'), 'utf8').trim() }];
      } catch {
        // It ended while we looked, or closed that descriptor.
        return [];
      }
    });
}

/** Lines of /proc/net/tcp: local address and port in hexadecimal, state 0A for listening, the socket's inode tenth. */
function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  let text: string;
  try {
    text = readFileSync(table, 'utf8');
  } catch {
    return []; // no IPv6
  }
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    return fields[1]?.endsWith(suffix) && fields[3] === '0A' && fields[9] !== undefined ? [fields[9]] : [];
  });
}

/** Our processes have the state directory in their arguments or environment. */
function isOurs(pid: number, stateDir: string): boolean {
  try {
    const words = [
      ...readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
      ...readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'),
    ];
    return words.some(
      (word) => word === stateDir || word.startsWith(`${stateDir}/`) || word === `BERTH_STATE=${stateDir}`,
    );
  } catch {
    return false;
  }
}
