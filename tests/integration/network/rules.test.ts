import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { macOf } from '#agent/network/addresses.ts';
import { createNetwork } from '#agent/network/apply.ts';
import { member, newNamespace, newOutside, Place, runHook } from './place.ts';

// Two containers of tenant a, one of tenant b, a peer outside; the real adapter on the real kernel.
const directory = mkdtempSync('/tmp/berth-tn-');
chmodSync(directory, 0o755);
const upstream = `${directory}/upstream.conf`;
const gateway = '10.201.0.1';
const hostOutside = '198.18.201.1';
const outsideAddress = '198.18.201.2';
const config = { instance: 'tn', agentDir: directory, subnet: '10.201.0.0/24', forwardAddress: hostOutside };
const network = createNetwork(config, { hostResolvConf: upstream });
const [a1, a2, b1] = [
  member('a1', 'a', '10.201.0.2'),
  member('a2', 'a', '10.201.0.3'),
  member('b1', 'b', '10.201.0.4'),
] as const;
const members = [
  {
    ...a1,
    forwards: [
      { protocol: 'tcp', hostPort: 21001, containerPort: 80 },
      { protocol: 'udp', hostPort: 21001, containerPort: 80 },
    ],
  },
  a2,
  b1,
] as const;
const host = new Place(null);
let first: Place, second: Place, foreign: Place, outside: Place;
const places: Place[] = [host];
const hostPort = '21099'; // stands for the agent's or PostgreSQL's: something listens there on every address of the host

beforeAll(async () => {
  writeFileSync(upstream, `nameserver ${outsideAddress}\n`);
  outside = await newOutside('berthtnout', hostOutside, outsideAddress);
  outside.must('ip', 'address', 'add', '169.254.169.254/32', 'dev', 'lo');
  await network.ensureHost();
  await network.apply(members);
  [first, second, foreign] = await Promise.all([newNamespace(), newNamespace('--user'), newNamespace()]);
  places.push(outside, first, second, foreign);
  for (const [m, place] of [
    [a1, first],
    [a2, second],
    [b1, foreign],
  ] as const)
    expect(runHook(network.hook(m), place.pid)).toEqual({ ok: true, text: '' });
  await Promise.all([
    outside.serve('serve', '80'),
    outside.serve('serve-dns', '192.0.2.77'),
    host.serve('serve', hostPort),
    ...[first, second, foreign].map((place) => place.serve('serve', '80')),
  ]);
});
afterAll(async () => {
  for (const place of places) place.close();
  await network.tearDown();
  host.run('ip', 'link', 'delete', 'dev', 'berthtnout');
  rmSync(directory, { recursive: true, force: true });
});

describe('a container may', () => {
  it('ask its gateway for names, which the host looks up', () => {
    expect(first.probe('dns', gateway, 'example.org')).toEqual({ ok: true, text: '192.0.2.77' });
    expect(first.probe('tcp', gateway, '53').text).toBe('timeout'); // accepted; a name server says nothing first
  });
  it('ping its gateway', () => {
    expect(first.ping(gateway)).toBe(true);
  });
  it('reach containers of the same tenant, seen as itself', () => {
    expect(first.probe('tcp', a2.address, '80')).toEqual({ ok: true, text: a1.address });
    expect(second.probe('udp', a1.address, '80')).toEqual({ ok: true, text: a2.address });
  });
  it('reach the outside, seen as the host', () => {
    expect(first.probe('tcp', outsideAddress, '80')).toEqual({ ok: true, text: hostOutside });
    expect(second.probe('udp', outsideAddress, '80')).toEqual({ ok: true, text: hostOutside });
  });
});

/** Each leaves things as they were, and says whether it got through. */
const attempts: Record<string, () => boolean> = {
  "reach another tenant's container": () => first.probe('tcp', b1.address, '80').ok,
  "ping another tenant's container": () => foreign.ping(a1.address),
  "reach another tenant's container knowing its hardware address": () => {
    first.must('ip', 'neigh', 'replace', b1.address, 'lladdr', macOf(b1.containerId), 'dev', 'eth0');
    const { ok } = first.probe('tcp', b1.address, '80');
    first.must('ip', 'neigh', 'del', b1.address, 'dev', 'eth0');
    return ok;
  },
  "reach another tenant's container through the gateway": () => {
    first.must('ip', 'route', 'add', `${b1.address}/32`, 'via', gateway);
    const { ok } = first.probe('tcp', b1.address, '80');
    first.must('ip', 'route', 'del', `${b1.address}/32`);
    return ok;
  },
  "learn another tenant's hardware address": () => {
    first.ping(b1.address);
    return first.must('ip', 'neigh', 'show', b1.address).includes('lladdr');
  },
  'reach a port of the host at the gateway address (tcp)': () => first.probe('tcp', gateway, hostPort).ok,
  'reach a port of the host at the gateway address (udp)': () => first.probe('udp', gateway, hostPort).ok,
  'reach a port of the host at another of its addresses (tcp)': () => first.probe('tcp', hostOutside, hostPort).ok,
  'reach a port of the host at another of its addresses (udp)': () => first.probe('udp', hostOutside, hostPort).ok,
  'ping another address of the host': () => first.ping(hostOutside),
  "reach the host's loopback by the wire": () => {
    // Its own loopback is taken out of the way, and replies may come from 127.0.0.1.
    first.must('ip', 'rule', 'add', 'pref', '10', 'to', '127.0.0.1', 'ipproto', 'tcp', 'lookup', '77');
    first.must('ip', 'rule', 'add', 'pref', '11', 'lookup', 'local');
    first.must('ip', 'rule', 'del', 'pref', '0');
    first.must('sysctl', '-qw', 'net.ipv4.conf.eth0.route_localnet=1');
    first.must('ip', 'route', 'add', '127.0.0.1/32', 'via', gateway, 'src', a1.address, 'table', '77');
    const { ok } = first.probe('tcp', '127.0.0.1', hostPort, a1.address);
    first.must('ip', 'rule', 'add', 'pref', '0', 'lookup', 'local');
    first.must('ip', 'rule', 'del', 'pref', '11');
    first.must('ip', 'rule', 'del', 'pref', '10');
    first.must('ip', 'route', 'flush', 'table', '77');
    return ok;
  },
  'reach link-local addresses, such as a metadata service': () => {
    host.must('ip', 'route', 'replace', '169.254.169.254/32', 'via', outsideAddress);
    expect(host.probe('tcp', '169.254.169.254', '80').ok).toBe(true);
    const { ok } = first.probe('tcp', '169.254.169.254', '80');
    host.must('ip', 'route', 'del', '169.254.169.254/32');
    return ok;
  },
  'send with another hardware address': () => {
    first.must('ip', 'link', 'set', 'dev', 'eth0', 'address', '02:be:00:00:00:01');
    const through = first.ping(gateway);
    first.must('ip', 'link', 'set', 'dev', 'eth0', 'address', macOf(a1.containerId));
    first.must('ip', 'route', 'replace', 'default', 'via', gateway);
    host.must('ip', 'neigh', 'flush', 'dev', 'berth-tn');
    expect(first.ping(gateway)).toBe(true);
    return through;
  },
  'send from a free address': () => pingAs('10.201.0.77'),
  "claim a neighbour's address by ARP": () => {
    host.must('ip', 'neigh', 'flush', 'dev', 'berth-tn');
    expect(second.ping(gateway)).toBe(true); // the gateway knows a2 by its own hardware address
    pingAs(a2.address);
    const known = host.must('ip', 'neigh', 'show', a2.address, 'dev', 'berth-tn');
    host.must('ip', 'neigh', 'flush', 'dev', 'berth-tn');
    return known.includes(macOf(a1.containerId));
  },
  'speak IPv6': () => {
    for (const [place, address] of [
      [first, 'fd00:201::2/64'],
      [second, 'fd00:201::3/64'],
    ] as const) {
      place.must('sysctl', '-qw', 'net.ipv6.conf.eth0.disable_ipv6=0');
      place.must('ip', 'address', 'add', address, 'dev', 'eth0', 'nodad');
    }
    const through = first.ping('fd00:201::3');
    for (const place of [first, second]) place.must('sysctl', '-qw', 'net.ipv6.conf.eth0.disable_ipv6=1');
    return through;
  },
};

/** With a source address that is not its own, announced as a system does when an interface comes up. */
function pingAs(address: string): boolean {
  first.must('sysctl', '-qw', 'net.ipv4.conf.eth0.arp_notify=1');
  first.must('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
  first.must('ip', 'link', 'set', 'dev', 'eth0', 'down');
  first.must('ip', 'link', 'set', 'dev', 'eth0', 'up');
  const through = first.ping(gateway, '-I', address);
  first.must('ip', 'address', 'del', `${address}/24`, 'dev', 'eth0');
  first.must('ip', 'route', 'replace', 'default', 'via', gateway);
  return through;
}

describe('a container may not', () => {
  it.each(Object.entries(attempts))('%s', (_name, attempt) => {
    expect(attempt()).toBe(false);
  });
  it('reach the port forwards of the host', () => {
    expect(outside.probe('tcp', hostOutside, '21001').ok).toBe(true);
    expect(foreign.probe('tcp', hostOutside, '21001').ok).toBe(false);
  });
  it('do any of this, though all of it works as soon as the rules are gone', async () => {
    for (const family of ['bridge', 'inet']) host.must('nft', 'delete', 'table', family, 'berth_tn');
    outside.must('ip', 'route', 'replace', '10.201.0.0/24', 'via', hostOutside);
    // An answer that a busy machine is late with is no refusal.
    const works = (attempt: () => boolean) => [1, 2, 3].some(() => attempt());
    const worked = Object.entries(attempts).map(([name, attempt]) => [name, works(attempt)]);
    outside.must('ip', 'route', 'del', '10.201.0.0/24');
    await network.apply(members);
    expect(worked).toEqual(Object.keys(attempts).map((name) => [name, true]));
    expect(first.probe('tcp', b1.address, '80').ok).toBe(false);
  });
});

describe('port forwards', () => {
  it('are reached from outside at the forward address, the peer seen as itself', () => {
    expect(outside.probe('tcp', hostOutside, '21001')).toEqual({ ok: true, text: outsideAddress });
    expect(outside.probe('udp', hostOutside, '21001')).toEqual({ ok: true, text: outsideAddress });
  });
  it.each(['127.0.0.1', hostOutside])('are reached from the host itself at %s', (address) => {
    expect(host.probe('tcp', address, '21001').ok).toBe(true);
    expect(host.probe('udp', address, '21001').ok).toBe(true);
  });
  it('are the only way in from outside', () => {
    outside.must('ip', 'route', 'replace', '10.201.0.0/24', 'via', hostOutside);
    expect(outside.probe('tcp', a1.address, '80')).toEqual({ ok: false, text: 'timeout' });
    expect(host.probe('tcp', a1.address, '80').ok).toBe(true);
  });
  it('end with the record that named them, and come back with it', async () => {
    await network.apply([a1, a2, b1]);
    expect(outside.probe('tcp', hostOutside, '21001').ok).toBe(false);
    expect(host.probe('tcp', '127.0.0.1', '21001').ok).toBe(false);
    await network.apply(members);
    expect(outside.probe('tcp', hostOutside, '21001').ok).toBe(true);
  });
  it('at any of the host addresses, where the forward address is 0.0.0.0', async () => {
    const everywhere = createNetwork({ ...config, forwardAddress: '0.0.0.0' }, { hostResolvConf: upstream });
    await everywhere.apply(members);
    for (const address of [hostOutside, '127.0.0.1', gateway])
      expect(host.probe('tcp', address, '21001').ok, address).toBe(true);
    expect(outside.probe('tcp', hostOutside, '21001').ok).toBe(true);
    expect(outside.probe('tcp', outsideAddress, '80').ok).toBe(true);
    expect(foreign.probe('tcp', hostOutside, '21001').ok).toBe(false);
    await network.apply(members);
  });
});

describe('membership', () => {
  it('a port that the members do not name is dead, and lives again when they do', async () => {
    await network.apply([a2, b1]);
    expect(first.ping(gateway)).toBe(false);
    expect(second.probe('tcp', a1.address, '80').ok).toBe(false);
    expect(second.ping(gateway)).toBe(true);
    await network.apply(members);
    expect(first.ping(gateway)).toBe(true);
  });
  it('what is sent to a container reaches its own port only', async () => {
    // Nobody answers for this address' hardware address, so the bridge would flood the frame to every port.
    const counter = (place: Place) =>
      Number(place.must('sh', '-c', 'cat /proc/net/dev | sed -n "s/^ *eth0: *[0-9]* *\\([0-9]*\\).*/\\1/p"'));
    host.must('ip', 'neigh', 'replace', a2.address, 'lladdr', '02:be:de:ad:be:ef', 'dev', 'berth-tn');
    const before = [counter(first), counter(foreign), counter(second)];
    host.run('ping', '-n', '-c', '5', '-i', '0.02', '-W', '0.2', a2.address);
    const grown = [first, foreign, second].map((place, i) => counter(place) - (before[i] ?? 0));
    host.must('ip', 'neigh', 'del', a2.address, 'dev', 'berth-tn');
    expect(grown[0]).toBe(0);
    expect(grown[1]).toBe(0);
    expect(grown[2]).toBeGreaterThanOrEqual(5);
  });
});
