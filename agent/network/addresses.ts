import { createHash } from 'node:crypto';

/** An IPv4 network as the adapter uses it. Addresses are dotted strings, as everywhere outside. */
export type Subnet = { network: string; prefix: number; gateway: string; broadcast: string };

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/** Reads a CIDR; bits below the prefix are ignored. Throws unless gateway and at least one container fit (/30 or wider). */
export function parseSubnet(cidr: string): Subnet {
  const [address = '', bits = ''] = cidr.split('/');
  const prefix = Number(bits);
  if (!Number.isInteger(prefix) || prefix < 8 || prefix > 30) throw new Error(`subnet ${cidr}: prefix must be 8 to 30`);
  const size = 2 ** (32 - prefix);
  const first = Math.floor(toNumber(address) / size) * size;
  return {
    network: toAddress(first),
    prefix,
    gateway: toAddress(first + 1),
    broadcast: toAddress(first + size - 1),
  };
}

/** The lowest address that is neither the network's own, the gateway, the broadcast nor taken; undefined when there is none. */
export function firstFree(subnet: Subnet, taken: ReadonlySet<string>): string | undefined {
  const last = toNumber(subnet.broadcast);
  for (let value = toNumber(subnet.gateway) + 1; value < last; value += 1) {
    const address = toAddress(value);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Host end of a container's veth pair: 13 characters of the 15 the kernel allows. */
export function interfaceNameOf(containerId: string): string {
  return `berth${hashOf(containerId).slice(0, 8)}`;
}

function mac(prefix: string, hash: string): string {
  return [prefix, ...(hash.slice(0, 8).match(/../g) ?? [])].join(':');
}

/** Fixed per container, locally administered. */
export function macOf(containerId: string): string {
  return mac('02:be', hashOf(containerId));
}

/** A bridge without a fixed address takes the lowest of its ports', and changes it as they come and go. */
export function bridgeMacOf(instance: string): string {
  return mac('02:bf', hashOf(`bridge ${instance}`));
}

/**
 * Interface group of every port of an instance's bridge. It is how the rules know our ports: matching the bridge itself in the
 * bridge family needs a kernel option (NFT_BRIDGE_META) that not every kernel has.
 */
export function groupOf(instance: string): number {
  return 0x0be00000 + Number.parseInt(hashOf(`group ${instance}`).slice(0, 5), 16);
}
