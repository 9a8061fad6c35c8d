import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import type { InstallationConfig } from '#lib/settings.ts';
import { isLoopback } from './configure.ts';

const everywhere = '0.0.0.0';

/**
 * The IPv4 address that this machine's port forwards listen on: as told, else where the panel is reached. Pure.
 * Behind a proxy on this machine people come by whatever address that listens on.
 */
export function forwardAddressOf(config: Pick<InstallationConfig, 'bind' | 'behindProxy' | 'forwardAddress'>): string {
  const { bind, behindProxy, forwardAddress } = config;
  if (forwardAddress !== undefined) return forwardAddress;
  if (bind === everywhere || bind === '::') return everywhere;
  if (isLoopback(bind)) return behindProxy ? everywhere : '127.0.0.1';
  // A forward has no IPv6 address.
  return isIP(bind) === 4 ? bind : '127.0.0.1';
}

/**
 * What people are told instead of the address, where that is every one of this machine's: the panel's own name, or where only this
 * machine knows that, the address it goes out by. Undefined: the address says it itself.
 */
export async function forwardNameOf(
  config: Pick<InstallationConfig, 'bind' | 'behindProxy' | 'forwardAddress' | 'baseUrl'>,
): Promise<string | undefined> {
  if (forwardAddressOf(config) !== everywhere) return undefined;
  const { hostname } = new URL(config.baseUrl);
  const ipv6 = hostname.startsWith('[');
  return isLoopback(hostname) || ipv6 ? ((await outgoingAddress()) ?? '127.0.0.1') : hostname;
}

/** The IPv4 address of this machine that the world beyond it sees first; undefined without a way out. Sends nothing: the kernel chooses a route. */
function outgoingAddress(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address?: string) => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end());
    // Set aside for documentation: nobody's, and beyond every route but the default one.
    socket.connect(9, '192.0.2.1', () => end(socket.address().address));
  });
}
