import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNetwork } from '#agent/network/apply.ts';
import { member, newNamespace, Place, runHook } from './place.ts';

// Two instances on one machine, made and removed.
const directories = ['tp', 'tq'].map((name) => mkdtempSync(`/tmp/berth-${name}-`));
const [p, q] = ['tp', 'tq'].map((instance, i) =>
  createNetwork({
    instance,
    agentDir: directories[i] ?? '',
    subnet: `10.20${2 + i}.0.0/24`,
    forwardAddress: '127.0.0.1',
  }),
) as [ReturnType<typeof createNetwork>, ReturnType<typeof createNetwork>];
const pidFile = `${directories[0]}/run/net/resolver.pid`;
const inP = { ...member('c1', 'c', '10.202.0.2') };
const inQ = {
  ...member('c2', 'c', '10.203.0.2'),
  forwards: [{ protocol: 'tcp' as const, hostPort: 21007, containerPort: 80 }],
};
const host = new Place(null);
const forwarding = () => readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim();
/** Everything of these two instances' network that the machine has; others may be at work beside them. */
const ours = [
  ...['tp', 'tq'].flatMap((instance) => [`berth-${instance}`, `berth_${instance}`]),
  ...[inP, inQ].map(({ containerId }) => p.interfaceName(containerId)),
];
const objects = () =>
  [
    ...readdirSync('/sys/class/net'),
    ...host.must('nft', 'list', 'tables').split('\n'),
    ...host.must('ip', 'route', 'show', 'table', 'all').split('\n'),
  ].filter((line) => line.split(/[^\w-]+/).some((word) => ours.includes(word)));
const bridgesOfOthers = () =>
  readdirSync('/sys/class/net').filter((name) => name.startsWith('berth-') && !ours.includes(name));
let forwardingBefore: string;
let nobodyElse: boolean;
let placeP: Place, placeQ: Place;
const places: Place[] = [];

beforeAll(async () => {
  for (const directory of directories) chmodSync(directory, 0o755);
  expect(objects()).toEqual([]);
  nobodyElse = bridgesOfOthers().length === 0;
  forwardingBefore = forwarding();
  await Promise.all([p.ensureHost(), q.ensureHost()]);
  await p.apply([inP]);
  await q.apply([inQ]);
  placeP = await newNamespace();
  placeQ = await newNamespace();
  places.push(placeP, placeQ);
  expect(runHook(p.hook(inP), placeP.pid).ok).toBe(true);
  expect(runHook(q.hook(inQ), placeQ.pid).ok).toBe(true);
  await Promise.all([placeP.serve('serve', '80'), placeQ.serve('serve', '80')]);
});
afterAll(async () => {
  for (const place of places) place.close();
  await p.tearDown();
  await q.tearDown();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

it("two instances do not reach each other's containers, not even of the same tenant, nor take each other's rules", async () => {
  expect(host.probe('tcp', inQ.address, '80').ok).toBe(true);
  expect(placeP.probe('tcp', inQ.address, '80')).toEqual({ ok: false, text: 'timeout' });
  expect(placeQ.probe('tcp', inP.address, '80')).toEqual({ ok: false, text: 'timeout' });
  expect(placeP.ping('10.202.0.1')).toBe(true);
  expect(placeQ.ping('10.203.0.1')).toBe(true);
  expect(placeP.ping('10.203.0.1')).toBe(false);
  expect(host.probe('tcp', '127.0.0.1', '21007').ok).toBe(true);
});

it('repeating everything changes nothing for what runs, nor the resolver', async () => {
  const pid = readFileSync(pidFile, 'utf8');
  await p.ensureHost();
  await p.apply([inP]);
  p.hook(inP);
  expect(readFileSync(pidFile, 'utf8')).toBe(pid);
  expect(placeP.ping('10.202.0.1')).toBe(true);
});

it('the hook may run again, after having been broken off, which is timed', () => {
  const took: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const started = performance.now();
    expect(runHook(p.hook(inP), placeP.pid)).toEqual({ ok: true, text: '' });
    took.push(performance.now() - started);
  }
  console.log(`hook: median ${took.sort((a, b) => a - b)[2]?.toFixed(0)} ms of a target of 100`);
  host.must('ip', 'link', 'set', 'dev', p.interfaceName(inP.containerId), 'nomaster', 'down');
  expect(runHook(p.hook(inP), placeP.pid).ok).toBe(true);
  expect(placeP.ping('10.202.0.1')).toBe(true);
  expect(p.listInterfaces()).toEqual([p.interfaceName(inP.containerId)]);
});

it('the hook fails with a reason when there is no such process or no bridge', () => {
  expect(runHook(p.hook(inP), null)).toEqual({ ok: false, text: expect.stringContaining('no pid') });
  expect(runHook(p.hook(inP), 4_194_303).ok).toBe(false);
  expect(runHook(p.hook(inP), placeP.pid).ok).toBe(true);
});

it('a dead resolver is started again, and a stranger with its number is left alone', async () => {
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  await sleep(50);
  await p.ensureHost();
  expect(placeP.probe('dns', '10.202.0.1', 'nosuchname').text).toMatch(/ENOTFOUND|ENODATA|EREFUSED/);
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  await sleep(50);
  const stranger = await newNamespace();
  places.push(stranger);
  writeFileSync(pidFile, `${stranger.pid}\n`);
  await p.ensureHost();
  expect(stranger.must('echo', 'alive')).toBe('alive');
  expect(placeP.probe('dns', '10.202.0.1', 'nosuchname').text).toMatch(/ENOTFOUND|ENODATA|EREFUSED/);
});

it('tells whether it stands, whatever of it somebody takes away on the host', async () => {
  const forwards = { ...inP, forwards: [{ protocol: 'tcp' as const, hostPort: 21008, containerPort: 80 }] };
  const bad = { ...forwards, address: 'not an address' };
  const breakages: [string, () => unknown][] = [
    ['a table', () => host.must('nft', 'delete', 'table', 'inet', 'berth_tp')],
    ['the resolver', () => process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')],
    ['rules that could not be made', () => expect(p.apply([bad])).rejects.toThrow()],
  ];
  for (const [what, breakIt] of breakages) {
    expect(await p.stands(), `before ${what}`).toBe(true);
    await breakIt();
    await sleep(50);
    expect(await p.stands(), what).toBe(false);
    await p.ensureHost();
    await p.apply([inP]);
  }
  expect(await p.stands()).toBe(true);
  expect(placeP.ping('10.202.0.1')).toBe(true);
});

it('rules that somebody removed come back by ensureHost, closed to all until they are applied', async () => {
  host.must('nft', 'delete', 'table', 'bridge', 'berth_tp');
  await p.ensureHost();
  expect(placeP.ping('10.202.0.1')).toBe(false);
  await p.apply([inP]);
  expect(placeP.ping('10.202.0.1')).toBe(true);
});

it('detach removes a container, twice is fine; tear-down leaves nothing, and the other instance in peace', async () => {
  await p.detach(inP.containerId);
  await p.detach(inP.containerId);
  expect(p.listInterfaces()).toEqual([]);
  expect(existsSync(`${directories[0]}/run/net/${inP.containerId}`)).toBe(false);
  await p.tearDown();
  await p.tearDown();
  expect(placeQ.ping('10.203.0.1')).toBe(true);
  expect(forwarding()).toBe('1');
  expect(objects()).not.toEqual([]);
  await q.tearDown();
  expect(objects()).toEqual([]);
  // Forwarding is the machine's: the last instance to go switches it off.
  if (nobodyElse && bridgesOfOthers().length === 0) expect(forwarding()).toBe(forwardingBefore);
  expect(
    directories.flatMap((d) => readdirSync(d, { recursive: true }).filter((f) => String(f).includes('net'))),
  ).toEqual([]);
});
