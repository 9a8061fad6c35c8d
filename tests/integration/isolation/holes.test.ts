/** Replicas of published holes in container runtimes (holes.ts, and races below): whatever a tenant plants, the host stays as it was. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inRoot, shellInRoot } from '../../support/in-root.ts';
import { parseDoors } from '../../support/probe.ts';
import { makePlace, type Place } from '../runtime/place.ts';
import { type Kit, makeKit, unexpected } from './fixture.ts';
import { holes } from './holes.ts';

let place: Place;
let kit: Kit;
let before: ReturnType<typeof host>;
let [refused, ran] = [0, 0];
/** How long each race lasts; more with BERTH_RACE_SECONDS. */
const raceSeconds = Number(process.env.BERTH_RACE_SECONDS ?? 2);

beforeAll(async () => {
  kit = await makeKit();
  place = await makePlace('is2');
  const resolvConf = join(place.config.agentDir, 'resolv.conf');
  writeFileSync(resolvConf, 'nameserver 192.0.2.1\n');
  place.plan.old = kit.directory;
  place.plan.network = { hookPath: '', hookArgs: [], resolvConf };
  // The tenant's own copy of everything, to begin each time from the same root.
  await shellInRoot(place.root, place.idBase, 'mkdir /kept && cp -a /etc /dev /proc /sys /run /sbin /bin /root /kept/');
});
afterAll(async () => {
  console.log(`${refused + ran} of ${holes.length} hostile roots did nothing: ${refused} refused, ${ran} ran isolated`);
  await place?.cleanUp();
  await kit?.cleanUp();
});
beforeEach(() => {
  before = host();
});
afterEach(async () => {
  await place.runtime.kill(place.containerId);
  await place.runtime.cleanUp(place.containerId);
  expect(host()).toEqual(before);
});

/** What of the host an escape would have changed. Mounts of other programs' own directories come and go. */
function host() {
  const out = dirname(kit.outside.file);
  const { mtimeMs, ctimeMs, size } = statSync(join(place.config.engineDir, 'bin/runc'));
  return {
    runtime: [mtimeMs, ctimeMs, size],
    pattern: readFileSync('/proc/sys/kernel/core_pattern', 'utf8'),
    letter: readFileSync(kit.outside.file, 'utf8'),
    out: readdirSync(out),
    mode: statSync(out).mode,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((target) => target.startsWith(out) || !/^(|\/(tmp|var|run\/user)\/.*)$/.test(target)),
  };
}

/** Far enough up for any directory. */
const climb = '../../../../../../../../../../../..';
const variables = () => `OUT=${climb}${dirname(kit.outside.file)}; LETTER=${climb}${kit.outside.file};`;
/** Acts as the tenant with tools that no hole replaces. What was planted before is put right first. */
const plantInRoot = async (script: string) => {
  const restore =
    'cd /kept; for one in *; do rm -rf /$one; cp -a $one /; done; rm -rf /fake /x-*; PATH=$PATH:/bin:/sbin; cd /';
  const whole = `PATH=/kept/bin:/kept/sbin; ${restore}; ${variables()} ${script}`;
  const argv = ['/kept/bin/busybox', 'sh', '-ec', whole];
  expect(await inRoot(place.root, place.idBase, argv)).toMatchObject({ code: 0, stderr: '' });
};

it.each(holes)('$name ($like): does nothing', async ({ plant, enter }) => {
  await plantInRoot(plant);
  const exec = (argv: string[]) => place.runtime.exec(place.containerId, argv, { timeoutMs: 30_000 });
  try {
    await place.runtime.start(place.plan);
  } catch {
    refused += 1; // the tenant's container does not start: the tenant's loss
    return;
  }
  ran += 1;
  try {
    const probe = await exec(['/old/probe', '--few', ...kit.outside.argv]);
    if (probe.exitCode === 0) expect(unexpected(parseDoors(probe.stdout))).toEqual([]);
    else expect(probe.stdout).toBe('');
    if (enter !== undefined) expect((await exec(['/bin/sh', '-c', enter])).stdout).not.toContain('of the host');
  } catch (error) {
    if (place.runtime.state(place.containerId).running) throw error; // else its init has ended: again its loss
  }
});

describe('races', () => {
  it('names exchanged while the runtime mounts (CVE-2021-30465, CVE-2024-45310, CVE-2025-31133, CVE-2025-52881)', async () => {
    await plantInRoot(
      'for one in run dev lock; do ln -sfn $OUT /x-$one; done; ln -sfn $LETTER /x-resolv; mkdir /run/lock',
    );
    const copy = 'cat > /swap.b64; base64 -d /swap.b64 > /swap; chmod 755 /swap; rm /swap.b64';
    const binary = readFileSync(kit.program).toString('base64');
    expect((await inRoot(place.root, place.idBase, ['/bin/sh', '-ec', copy], binary)).code).toBe(0);
    const pairs = ['/x-run', '/run', '/x-dev', '/dev', '/x-lock', '/run/lock', '/x-resolv', '/etc/resolv.conf'];
    const swapping = inRoot(place.root, place.idBase, ['/swap', '--swap', String(raceSeconds), ...pairs]);
    let [started, failed] = [0, 0];
    for (const end = Date.now() + raceSeconds * 1000; Date.now() < end; ) {
      try {
        await place.runtime.start(place.plan);
        started += 1;
      } catch {
        failed += 1;
      }
      await place.runtime.kill(place.containerId);
      await place.runtime.cleanUp(place.containerId);
    }
    const { code, stdout } = await swapping;
    expect(code).toBe(0);
    console.log(`${stdout.trim()} exchanges, ${started} starts succeeded, ${failed} were refused`);
    expect(started + failed).toBeGreaterThan(1);
    await plantInRoot('true');
  });

  it('a process lies in wait for what enters (CVE-2016-9962, CVE-2019-5736, CVE-2024-21626)', async () => {
    await place.runtime.start(place.plan);
    const argv = ['/old/probe', '--watch', String(raceSeconds), ...kit.outside.argv];
    const watching = place.runtime.exec(place.containerId, argv, { timeoutMs: 30_000 });
    let entered = 0;
    for (const end = Date.now() + raceSeconds * 900; Date.now() < end; entered += 1) {
      await place.runtime.exec(place.containerId, ['/bin/true'], { timeoutMs: 10_000 });
    }
    const { exitCode, stdout } = await watching;
    console.log(`entered ${entered} times: ${stdout.trim()}`);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing') });
    expect(entered).toBeGreaterThan(1);
  });
});

describe('files', () => {
  it('of a layer cannot be changed through the page cache (CVE-2016-5195, CVE-2022-0847)', async () => {
    const { stdout, exitCode } = await place.runtime.runOnce(place.plan, ['/old/probe', '--dirty', '/bin/busybox'], {
      timeoutMs: 20_000,
    });
    expect({ stdout, exitCode }).toEqual({ stdout: 'unchanged\n', exitCode: 0 });
  });

  it('with a set-user-id bit lend nothing to users of the host (CVE-2021-41091)', async () => {
    await shellInRoot(place.root, place.idBase, 'cp /bin/busybox /suid; chmod 4755 /suid');
    const file = join(place.root, 'suid');
    expect(statSync(file)).toMatchObject({ uid: place.idBase, mode: 0o104755 });
    chmodSync(place.config.agentDir, 0o711);
    const asNobody = spawnSync('setpriv', ['--reuid=65534', '--clear-groups', file, 'id', '-u'], { encoding: 'utf8' });
    expect(asNobody.stdout).not.toBe(`${place.idBase}\n`);
    expect(asNobody.stdout).not.toBe('0\n');
  });
});

it('a hook gets nothing of the tenant’s: not its directory, not its environment (CVE-2025-23266)', async () => {
  const [hookPath, record] = [join(place.config.agentDir, 'hook'), join(place.config.agentDir, 'hook-record')];
  writeFileSync(hookPath, `#!/bin/sh\n{ readlink /proc/$$/cwd; tr '\\0' '\\n' < /proc/$$/environ; } > ${record}\n`);
  chmodSync(hookPath, 0o755);
  const network = { ...place.plan.network, hookPath, hookArgs: ['hook'] };
  await place.runtime.start({ ...place.plan, network });
  const [cwd = '', ...environment] = readFileSync(record, 'utf8').trim().split('\n');
  expect(cwd.startsWith(place.root)).toBe(false);
  expect(environment.filter((line) => /LD_|container|HOME=\/root/.test(line))).toEqual([]);
});
