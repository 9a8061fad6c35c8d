import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgeMacOf, firstFree, groupOf, interfaceNameOf, macOf, parseSubnet } from '#agent/network/addresses.ts';
import { bridgeBatch, hookLine, resolverCommand, ruleset } from '#agent/network/plan.ts';

const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const plan = {
  instance: 'b0',
  subnet: parseSubnet('10.7.0.0/24'),
  forwardAddress: '192.0.2.1',
  hostResolvConf: '/etc/resolv.conf',
};
const uuid = fc.uuid({ version: 7 });
const someMembers = fc.uniqueArray(uuid, { maxLength: 20 }).chain((ids) =>
  fc.tuple(
    ...ids.map((containerId, i) =>
      fc.record({
        containerId: fc.constant(containerId),
        tenantId: fc.constantFrom('0198c5a0-0000-7000-8000-00000000000a', '0198c5a0-0000-7000-8000-00000000000b'),
        address: fc.constant(`10.7.0.${i + 2}`),
        forwards: fc.constant([{ protocol: 'tcp' as const, hostPort: 20_000 + i, containerPort: 22 }]),
      }),
    ),
  ),
);

describe('addresses', () => {
  it('a subnet is read whatever address of it is written, and its gateway is the first', () => {
    expect(parseSubnet('10.201.0.77/24')).toEqual({
      network: '10.201.0.0',
      prefix: 24,
      gateway: '10.201.0.1',
      broadcast: '10.201.0.255',
    });
    expect(parseSubnet('192.168.255.252/30').broadcast).toBe('192.168.255.255');
    expect(() => parseSubnet('10.0.0.0/31')).toThrow('prefix');
    expect(() => parseSubnet('10.0.0.0')).toThrow('prefix');
  });

  it('the first free address is in the subnet, free, the lowest such, and never its own, the gateway or broadcast', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 24, max: 30 }), fc.array(fc.nat(255)), (address, prefix, offsets) => {
        const subnet = parseSubnet(`${address}/${prefix}`);
        const base = number(subnet.network);
        const size = 2 ** (32 - prefix);
        const at = (offset: number) => [24, 16, 8, 0].map((s) => ((base + offset) >>> s) & 255).join('.');
        const taken = new Set(offsets.map((offset) => at(offset % size)));
        const free = Array.from({ length: size }, (_, i) => at(i))
          .slice(2, -1)
          .filter((a) => !taken.has(a));
        expect(firstFree(subnet, taken)).toBe(free[0]);
      }),
    );
  });

  it('interface names fit the kernel; hardware addresses are unicast and locally administered', () => {
    fc.assert(
      fc.property(uuid, (id) => {
        expect(interfaceNameOf(id)).toMatch(/^berth[0-9a-f]{8}$/);
        expect(macOf(id)).toMatch(/^02:be(:[0-9a-f]{2}){4}$/);
      }),
    );
    expect(bridgeMacOf('b0')).not.toBe(bridgeMacOf('b1'));
    expect(groupOf('b0')).not.toBe(groupOf('b1'));
  });
});

describe('rule set', () => {
  it('is one transaction that replaces the two tables of its instance and touches nothing else', () => {
    fc.assert(
      fc.property(someMembers, (members) => {
        const text = ruleset(plan, members);
        expect(text.match(/^(table|delete|flush|add|destroy).*$/gm)).toEqual([
          'table bridge berth_b0',
          'delete table bridge berth_b0',
          'table bridge berth_b0 {',
          'table inet berth_b0',
          'delete table inet berth_b0',
          'table inet berth_b0 {',
        ]);
        expect(text.split('{').length).toBe(text.split('}').length);
      }),
    );
  });

  it('depends on its members alone, and names each with its port, hardware address and address', () => {
    fc.assert(
      fc.property(someMembers, (members) => {
        const text = ruleset(plan, members);
        expect(ruleset(plan, structuredClone(members))).toBe(text);
        for (const { containerId, address, forwards } of members) {
          expect(text).toContain(`${interfaceNameOf(containerId)} . ${macOf(containerId)} . ${address}`);
          expect(text).toContain(`tcp . ${forwards[0]?.hostPort} : ${address} . 22`);
        }
      }),
    );
  });

  it("puts an address into its own tenant's chain only, and gives a tenant with one container none", () => {
    fc.assert(
      fc.property(someMembers, (members) => {
        const text = ruleset(plan, members);
        for (const tenantId of new Set(members.map((m) => m.tenantId))) {
          const own = members.filter((m) => m.tenantId === tenantId).map((m) => m.address);
          const chain = new RegExp(
            `chain tenant_${tenantId.replaceAll('-', '')} \\{\\s+ether type ip ip daddr \\{ (.*) \\}`,
          );
          expect(chain.exec(text)?.[1]?.split(', ')).toEqual(own.length > 1 ? own : undefined);
        }
      }),
    );
  });

  it('forwards at 127.0.0.1 beside the forward address, once', () => {
    expect(ruleset(plan, [])).toContain('ip daddr { 192.0.2.1, 127.0.0.1 }');
    expect(ruleset({ ...plan, forwardAddress: '127.0.0.1' }, [])).toContain('ip daddr { 127.0.0.1 }');
  });
});

it('the hook is told everything in one line of six words', () => {
  const line = hookLine(plan, { containerId: 'x', tenantId: 'y', address: '10.7.0.9', forwards: [] });
  expect(line.trim().split(' ')).toEqual([
    interfaceNameOf('x'),
    'berth-b0',
    String(groupOf('b0')),
    macOf('x'),
    '10.7.0.9/24',
    '10.7.0.1',
  ]);
});

it('an existing bridge is not added again, and the resolver listens on the gateway alone', () => {
  expect(bridgeBatch(plan, false)).toContain('link add name berth-b0 type bridge');
  expect(bridgeBatch(plan, true)).not.toContain('link add');
  expect(resolverCommand(plan, '/x.pid')).toContain('--listen-address=10.7.0.1');
  expect(resolverCommand(plan, '/x.pid')).toContain('--bind-interfaces');
});
