import type { NetworkMember } from '../adapters.ts';
import { bridgeMacOf, groupOf, interfaceNameOf, macOf, type Subnet } from './addresses.ts';

export type NetworkPlan = { instance: string; subnet: Subnet; forwardAddress: string; hostResolvConf: string };

export const bridgeOf = (instance: string) => `berth-${instance}`;
export const tableOf = (instance: string) => `berth_${instance}`;

/** Destinations no container may send to: this host's loopback, link-local (cloud metadata), "this network", multicast, reserved. */
const forbidden = '{ 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/3 }';

const elements = (items: readonly string[]) => (items.length === 0 ? '' : `elements = { ${items.join(', ')} }`);
const chainOfTenant = (tenantId: string) => `tenant_${tenantId.replaceAll('-', '')}`;

/**
 * The whole rule set of an instance as one nft transaction, made from its members alone. Two tables, ours only:
 *
 * - `bridge`: stateless, at the container's port. What leaves a container must carry its MAC and address, in frames and in
 *   ARP; it may go to the gateway, to containers of the same tenant, and (by the gateway's MAC) out. Into a port goes only
 *   what is addressed to its container, so nothing flooded is overheard. Ports the members do not name are dead.
 * - `inet`: with connection tracking, where packets are routed: the host's own ports, NAT, port forwards.
 *
 * | from a container to            | decided in                          |
 * |--------------------------------|-------------------------------------|
 * | gateway: DNS, ping             | bridge from_ip, inet input          |
 * | anything else on the host      | inet input: drop                    |
 * | same tenant / other tenants    | bridge from_ip → tenant chain / drop |
 * | link-local, loopback           | bridge from_ip, inet early: drop    |
 * | other instances' containers    | inet forward: drop                  |
 * | elsewhere                      | inet forward, source_nat            |
 */
export function ruleset(plan: NetworkPlan, members: readonly NetworkMember[]): string {
  const table = tableOf(plan.instance);
  // `table` before `delete table`: deleting what does not exist would fail the transaction.
  const replace = (family: string, body: string) =>
    `table ${family} ${table}\ndelete table ${family} ${table}\ntable ${family} ${table} {\n${body}}\n`;
  return replace('bridge', bridgeTable(plan, members)) + replace('inet', inetTable(plan, members));
}

function bridgeTable({ instance, subnet }: NetworkPlan, members: readonly NetworkMember[]): string {
  const tenants = new Map<string, string[]>();
  for (const { tenantId, address } of members) tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), address]);
  const shared = [...tenants].filter(([, addresses]) => addresses.length > 1);
  const ofTenant = shared.flatMap(([tenantId, addresses]) =>
    addresses.map((address) => `${address} : goto ${chainOfTenant(tenantId)}`),
  );
  const identity = members.map((m) => `${interfaceNameOf(m.containerId)} . ${macOf(m.containerId)} . ${m.address}`);
  const ports = members.map((m) => `${interfaceNameOf(m.containerId)} . ${m.address}`);
  const group = groupOf(instance);
  return `
  set members { type ifname . ether_addr . ipv4_addr; ${elements(identity)} }
  set ports { type ifname . ipv4_addr; ${elements(ports)} }
${shared
  .map(
    ([tenantId, addresses]) => `
  chain ${chainOfTenant(tenantId)} {
    ether type ip ip daddr { ${addresses.join(', ')} } accept
    ether type arp arp daddr ip { ${addresses.join(', ')} } accept
    drop
  }`,
  )
  .join('')}
  map tenants { type ipv4_addr : verdict; ${elements(ofTenant)} }
  chain from_ip {
    ip daddr ${subnet.gateway} accept
    ip daddr ${forbidden} drop
    ip daddr ${subnet.network}/${subnet.prefix} ip saddr vmap @tenants
    ip daddr ${subnet.network}/${subnet.prefix} drop
    ether daddr ${bridgeMacOf(instance)} accept
    drop
  }
  chain from_arp {
    arp operation != { request, reply } drop
    arp daddr ip ${subnet.gateway} accept
    arp saddr ip vmap @tenants
    drop
  }
  chain from_port {
    type filter hook prerouting priority -300; policy accept;
    iifgroup != ${group} accept
    ether type ip iifname . ether saddr . ip saddr @members goto from_ip
    ether type arp iifname . ether saddr . arp saddr ip @members iifname . arp saddr ether . arp saddr ip @members goto from_arp
    drop
  }
  chain to_port {
    type filter hook postrouting priority 300; policy accept;
    oifgroup != ${group} accept
    ether type ip oifname . ip daddr @ports accept
    ether type arp oifname . arp daddr ip @ports accept
    drop
  }
`;
}

function inetTable({ instance, subnet, forwardAddress }: NetworkPlan, members: readonly NetworkMember[]): string {
  const bridge = bridgeOf(instance);
  const network = `${subnet.network}/${subnet.prefix}`;
  const forwards = members.flatMap((m) => m.forwards.map((f) => ({ ...f, address: m.address })));
  const targets = forwards.map((f) => `${f.protocol} . ${f.hostPort} : ${f.address} . ${f.containerPort}`);
  const current = [...new Set(forwards.map((f) => `${f.protocol} . ${f.address} . ${f.containerPort}`))];
  const any = forwardAddress === '0.0.0.0';
  const fromOutside = any ? 'fib daddr type local' : `ip daddr ${forwardAddress}`;
  const fromHere = any
    ? 'fib daddr type local'
    : `ip daddr { ${[...new Set([forwardAddress, '127.0.0.1'])].join(', ')} }`;
  const redirect = 'meta l4proto { tcp, udp } dnat ip to meta l4proto . th dport map @forwards';
  return `
  map forwards { type inet_proto . inet_service : ipv4_addr . inet_service; ${elements(targets)} }
  set forwarded { type inet_proto . ipv4_addr . inet_service; ${elements(current)} }
  chain early {
    type filter hook prerouting priority -300; policy accept;
    iifname != "${bridge}" accept
    meta nfproto ipv6 drop
    ip daddr ${forbidden} drop
  }
  chain destination_nat {
    type nat hook prerouting priority -100; policy accept;
    iifname "berth-*" accept
    ${fromOutside} ${redirect}
  }
  chain destination_nat_here {
    type nat hook output priority -100; policy accept;
    ${fromHere} ${redirect}
  }
  chain source_nat {
    type nat hook postrouting priority 100; policy accept;
    oifname "${bridge}" ip saddr 127.0.0.0/8 masquerade
    oifname != "${bridge}" ip saddr ${network} masquerade
  }
  chain input {
    type filter hook input priority 0; policy accept;
    iifname != "${bridge}" accept
    ct state established,related accept
    ip daddr != ${subnet.gateway} drop
    meta l4proto { tcp, udp } th dport 53 accept
    icmp type echo-request accept
    drop
  }
  chain to_container {
    ct state related accept
    ct status dnat meta l4proto . ip daddr . th dport @forwarded accept
    ct status dnat drop
    ct state established accept
    drop
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname "${bridge}" oifname "${bridge}" accept
    oifname "${bridge}" goto to_container
    iifname != "${bridge}" accept
    ct state established,related accept
    ct state invalid drop
    oifname "berth-*" drop
    ip saddr ${network} accept
    drop
  }
`;
}

/** One line for the hook: what it needs to give a container its interface. */
export function hookLine({ instance, subnet }: NetworkPlan, member: NetworkMember): string {
  return `${[
    interfaceNameOf(member.containerId),
    bridgeOf(instance),
    groupOf(instance),
    macOf(member.containerId),
    `${member.address}/${subnet.prefix}`,
    subnet.gateway,
  ].join(' ')}\n`;
}

/** Commands of `ip -batch` that make the bridge; each may be repeated. */
export function bridgeBatch({ instance, subnet }: NetworkPlan, exists: boolean): string {
  const bridge = bridgeOf(instance);
  return [
    ...(exists ? [] : [`link add name ${bridge} type bridge`]),
    `link set dev ${bridge} address ${bridgeMacOf(instance)} addrgenmode none type bridge stp_state 0 mcast_snooping 0`,
    `address replace ${subnet.gateway}/${subnet.prefix} brd ${subnet.broadcast} dev ${bridge}`,
    `link set dev ${bridge} up`,
    '',
  ].join('\n');
}

/**
 * Kernel settings of the bridge. `route_localnet` lets the host's own connections to 127.0.0.1:<forwarded port> leave for the
 * container; what comes from containers for 127/8 is dropped before routing, by both tables.
 */
export function bridgeSettings(instance: string): [path: string, value: string][] {
  const bridge = bridgeOf(instance);
  const v4 = (name: string, value: string): [string, string] => [`/proc/sys/net/ipv4/conf/${bridge}/${name}`, value];
  return [
    [`/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`, '1'],
    v4('forwarding', '1'),
    v4('route_localnet', '1'),
    v4('send_redirects', '0'),
    v4('accept_redirects', '0'),
    v4('arp_ignore', '1'),
    v4('rp_filter', '1'),
  ];
}

/**
 * The resolver: answers on the bridge's address only and asks whoever the host asks. Everything is on its command line, so a
 * running one is recognised, and found outdated, by that.
 */
export function resolverCommand({ instance, subnet, hostResolvConf }: NetworkPlan, pidFile: string): string[] {
  return [
    'dnsmasq',
    '--conf-file=/dev/null',
    `--pid-file=${pidFile}`,
    `--interface=${bridgeOf(instance)}`,
    '--except-interface=lo',
    `--listen-address=${subnet.gateway}`,
    '--bind-interfaces',
    '--user=nobody',
    '--group=nogroup',
    '--no-hosts',
    `--resolv-file=${hostResolvConf}`,
    '--domain-needed',
    '--bogus-priv',
    '--cache-size=1000',
  ];
}
