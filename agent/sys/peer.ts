/** Who is at the other end of a unix socket, as the kernel knows it: nothing of it can be made up by the other side. */
import { readFileSync } from 'node:fs';
import { raw } from './kernel.ts';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** The kernel's word for a process that nobody signed in to start. */
const noLogin = 4_294_967_295;

const getsockopt = raw.bind('int getsockopt(int fd, int level, int name, void *value, void *length)');

export type Peer = { pid: number; uid: number; gid: number };

/** The process that connected (unix(7), SO_PEERCRED). Throws when the connection is no unix socket or is closed. */
export function peerOf(connection: object): Peer {
  const fd = (connection as { _handle?: { fd?: number } | null })._handle?.fd ?? -1;
  if (fd < 0) throw new Error('the connection is closed');
  const value = Buffer.alloc(12);
  const length = Buffer.alloc(4);
  length.writeInt32LE(value.length);
  raw.check('SO_PEERCRED', getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, length));
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) };
}

/** The name of the person who signed in and, perhaps through sudo, runs this process; null when nobody did. */
export function loginOf(pid: number): string | null {
  try {
    const uid = Number(readFileSync(`/proc/${pid}/loginuid`, 'utf8'));
    if (uid === noLogin || !Number.isInteger(uid)) return null;
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.split(':')[2] === String(uid));
    return entry?.split(':')[0] ?? String(uid);
  } catch {
    return null;
  }
}
