import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** `192.0.2.7` or `2001:db8::/32`. */
function parse(text: string): { address: string; family: 'ipv4' | 'ipv6'; bits: number } | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return undefined;
  const most = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = length === undefined ? most : Number(length);
  return bits > most ? undefined : { address, family: version === 4 ? 'ipv4' : 'ipv6', bits };
}

/**
 * The network that an address is in, as one house has it: of IPv4 the address alone, of IPv6 its first 64 bits, which is what a line is given
 * and within which a device changes its address by itself. Undefined for what is no address.
 */
export function networkOf(address: string): string | undefined {
  if (isIP(address) === 0) return undefined;
  const parsed = ipaddr.process(address); // IPv4 in IPv6's clothes is IPv4
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const first = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${first.join(':')}::/64`;
}

/** Whether an address lies in one of the networks. IPv4 in IPv6's clothes is IPv4. */
export function liesIn(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  const version = isIP(plain);
  if (version === 0) return false;
  const list = new BlockList();
  for (const text of networks) {
    const network = parse(text);
    // Of the same family only: a list takes every IPv4 address to lie in ::/0.
    if (network !== undefined && (network.family === 'ipv4') === (version === 4))
      list.addSubnet(network.address, network.bits, network.family);
  }
  return list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}

/** Which of these networks lie, as a whole, in none of those. */
export function networksBeyond(networks: readonly string[], those: readonly string[]): string[] {
  const outer = those.flatMap((text) => parse(text) ?? []);
  return networks.filter((text) => {
    const inner = parse(text);
    return !outer.some(
      ({ address, family, bits }) =>
        family === inner?.family && bits <= inner.bits && liesIn(inner.address, [`${address}/${bits}`]),
    );
  });
}
