import { BlockList, isIP } from 'node:net';

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

const ipv4InIpv6 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

/**
 * The network that an address is in, as one house has it: of IPv4 the address alone, of IPv6 its first 64 bits, which is what a line is given
 * and within which a device changes its address by itself. Undefined for what is no address.
 */
export function networkOf(address: string): string | undefined {
  const plain = address.replace(ipv4InIpv6, '');
  if (isIP(plain) === 4) return plain;
  if (isIP(plain) !== 6) return undefined;
  const groups = (part: string) =>
    part === '' ? [] : part.split(':').flatMap((one) => (one.includes('.') ? [one, ''] : [one]));
  const [left = '', right] = (plain.split('%')[0] ?? '').split('::');
  const [before, after] = [groups(left), groups(right ?? '')];
  const gap = right === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...new Array<string>(gap).fill('0'), ...after];
  const shown = all.slice(0, 4).map((one) => Number.parseInt(one, 16).toString(16));
  return `${shown.join(':')}::/64`;
}

/** Whether an address lies in one of the networks. IPv4 in IPv6's clothes is IPv4. */
export function liesIn(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(ipv4InIpv6, '');
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
