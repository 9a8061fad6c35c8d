import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AgentConfig } from '#agent/config.ts';
import { hostInfo } from '#agent/inventory.ts';
import { createSimulator } from '#agent/sim/simulator.ts';
import { openStore } from '#agent/store/store.ts';
import { mergeConfig, type UpOptions } from '#server/setup/configure.ts';
import { setupContext } from '#server/setup/context.ts';
import { forwardAddressOf, forwardNameOf } from '#server/setup/forwards.ts';
import { refreshAgentConfig } from '#server/setup/join.ts';

const baseUrl = 'https://panel.test';
/** After these calls of `up`, one after the other. */
const after = (...calls: UpOptions[]) =>
  calls.reduce<ReturnType<typeof mergeConfig> | undefined>(
    (present, one) => mergeConfig(present, one, false),
    undefined,
  ) ?? mergeConfig(undefined, {}, false);
const listens = (...calls: UpOptions[]) => forwardAddressOf(after(...calls));
const named = (...calls: UpOptions[]) => forwardNameOf(after(...calls));

it('forwards listen where the panel does, also when that changes', () => {
  expect(listens({})).toBe('127.0.0.1');
  expect(listens({}, { bind: '192.0.2.10' })).toBe('192.0.2.10');
  expect(listens({}, { bind: '192.0.2.10' }, { bind: '127.0.0.1' })).toBe('127.0.0.1');
  expect(listens({}, { behindProxy: true, baseUrl })).toBe('0.0.0.0');
  for (const bind of ['0.0.0.0', '::']) expect(listens({}, { bind, baseUrl })).toBe('0.0.0.0');
});

it('forwards listen where somebody said, until that is taken back', () => {
  const said = [{ forwardAddress: '127.0.0.1' }, { bind: '192.0.2.10' }];
  expect(listens(...said)).toBe('127.0.0.1');
  expect(listens(...said, {})).toBe('127.0.0.1');
  expect(listens(...said, { forwardAddress: '' })).toBe('192.0.2.10');
  expect(() => after({ forwardAddress: 'panel.test' })).toThrow('--forward-address wants an IPv4 address');
});

it('forwards on every address are told by the panel’s name, or by an address this machine has', async () => {
  expect(await named({ bind: '0.0.0.0', baseUrl })).toBe('panel.test');
  expect(await named({ behindProxy: true, baseUrl })).toBe('panel.test');
  const own = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
  for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[2001:db8::1]:8080'])
    expect(own).toContain(await named({ forwardAddress: '0.0.0.0', baseUrl: url }));
  // Such an address says itself where they are.
  expect(await named({ bind: '192.0.2.10', baseUrl })).toBeUndefined();
});

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'berth-forwards-'));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const joined = () => ({
  ...{ instance: 'b0', agentDir: join(stateDir, 'agent'), poolPath: '/pool', engineDir: '/engine' },
  ...{ listen: { host: '127.0.0.1', port: 7443 }, subnet: '10.88.0.0/16', idBase: 1_879_048_192 },
  ...{ forwardAddress: '127.0.0.1', forwardPorts: { first: 20_000, last: 29_999 }, backupRoot: '/backups' },
  hostId: '018f0000-0000-7000-8000-000000000001',
  identity: { certificate: '/host.crt', key: '/host.key', ca: '/ca.crt' },
  grantKeys: { web: '/web.pub', worker: '/worker.pub' },
});

it('an agent that has joined takes up where forwards listen, and forgets a name that is none any more', async () => {
  const { agentDir } = joined();
  const file = join(agentDir, 'config.json');
  mkdirSync(agentDir);
  writeFileSync(file, JSON.stringify(joined()));
  const taken = async (...calls: UpOptions[]) => {
    await refreshAgentConfig(setupContext(after(...calls), stateDir, { NODE_ENV: 'test' }));
    return JSON.parse(readFileSync(file, 'utf8'));
  };
  const open = await taken({}, { behindProxy: true, baseUrl });
  expect(open).toMatchObject({ forwardAddress: '0.0.0.0', forwardName: 'panel.test' });
  const bound = await taken({ bind: '192.0.2.10' });
  expect(bound.forwardAddress).toBe('192.0.2.10');
  expect(bound).not.toHaveProperty('forwardName');
});

it('an agent tells the name by which its forwards are reached, if it has one', () => {
  const store = openStore(join(stateDir, 'agent.db'));
  try {
    const told = (own: Partial<AgentConfig>) => {
      const config = AgentConfig.parse({ ...joined(), ...own });
      const adapters = createSimulator({ agentDir: stateDir, subnet: config.subnet }, 0);
      return hostInfo({ adapters, config, store, simulated: true }).forwardAddress;
    };
    expect(told({ forwardAddress: '0.0.0.0', forwardName: 'panel.test' })).toBe('panel.test');
    expect(told({ forwardAddress: '192.0.2.10' })).toBe('192.0.2.10');
  } finally {
    store.close();
  }
});
