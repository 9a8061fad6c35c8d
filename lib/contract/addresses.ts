/** Which addresses are anybody's on the internet, and which are only of a machine or its neighbourhood. Shared by all that connects to where others say. */
import { BlockList, isIP } from 'node:net';

/** IANA's special-purpose registry for IPv4 (RFC 6890 and later), multicast and reserved space with it. */
const notPublicV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '168.63.129.16/32', // a cloud's metadata service at a public address
];
/** Of IPv6 only global unicast is public, and in it not what is documentation, or wraps an IPv4 address (6to4, Teredo). */
const publicV6 = ['2000::/3'];
const notPublicV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', width] = network.split('/');
    list.addSubnet(address, Number(width), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const [badV4, goodV6, badV6] = [listOf(notPublicV4), listOf(publicV6), listOf(notPublicV6)];

/** True for an address anybody may have a server at. What only looks like one, such as IPv4 wrapped in IPv6, is not. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !badV4.check(address, 'ipv4');
  if (isIP(address) === 0) return false;
  return goodV6.check(address, 'ipv6') && !badV6.check(address, 'ipv6');
}
