import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDoors } from '../../support/probe.ts';
import { type Kit, makeKit, missing, unexpected } from '../isolation/fixture.ts';
import { makePlace, type Place, sleep } from './place.ts';

let place: Place;
let kit: Kit;
beforeAll(async () => {
  kit = await makeKit();
  place = await makePlace('rt5', 'debian-12');
  place.plan.old = kit.directory;
  // As creation does: systemd takes the name in this file over the one the runtime has set.
  await place.runtime.runOnce(place.plan, ['/bin/sh', '-c', 'cat > /etc/hostname'], {
    timeoutMs: 10_000,
    input: 'web-1\n',
  });
  await place.runtime.start(place.plan);
}, 900_000); // Debian is installed for it, from the network
afterAll(async () => {
  await place?.cleanUp();
  await kit?.cleanUp();
});

const shell = (script: string) =>
  place.runtime.exec(place.containerId, ['/bin/sh', '-c', script], { timeoutMs: 30_000 });

async function booted(): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const word = (await shell('systemctl is-system-running --wait')).stdout.trim();
    // In its first moment there is no bus yet, and before that nothing by which it is known to be systemd's.
    if ((word !== '' && word !== 'offline') || attempt > 40) return word;
    await sleep(250);
  }
}

describe('a systemd container', () => {
  it('reaches running with no failed unit, in control groups of its own', async () => {
    expect(await booted()).toBe('running');
    expect((await shell('systemctl --failed --no-legend --plain')).stdout).toBe('');
    expect((await shell('cat /proc/1/cgroup')).stdout).toMatch(/^0::\/init\.scope$/m);
    expect((await shell('systemd-run --quiet --wait --pipe -- id -u')).stdout).toBe('0\n');
    expect((await shell('hostname')).stdout).toBe('web-1\n');
  });

  it('its free and top show its own memory, processors and uptime', async () => {
    const { stdout } = await shell(
      "free -b | awk '/^Mem:/ { print $2 }'; grep -c ^processor /proc/cpuinfo; top -bn1 | grep -c '^%Cpu'",
    );
    expect(stdout).toBe(`${place.plan.resources.memoryBytes}\n1\n1\n`);
    expect((await shell('uptime -p')).stdout).toMatch(/^up \d minutes?/);
  });

  it('has a machine id of its own, made from the container’s id', async () => {
    expect((await shell('cat /etc/machine-id')).stdout.trim()).toBe(place.containerId.replaceAll('-', ''));
  });

  it('finds no door out of it open that is not on the list', async () => {
    const argv = ['/old/probe', ...kit.outside.argv];
    const result = await place.runtime.exec(place.containerId, argv, { timeoutMs: 60_000 });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const doors = parseDoors(result.stdout);
    console.log(`${doors.length} of ${doors.length} doors tried in a systemd container`);
    expect(unexpected(doors)).toEqual([]);
    expect(missing(doors)).toEqual([]);
  });

  it('may not raise the caps of its own namespace on what the host shares out', async () => {
    const caps = await shell(
      'cat /proc/sys/user/max_inotify_instances; echo 100000 > /proc/sys/user/max_inotify_instances',
    );
    expect(Number(caps.stdout)).toBeLessThanOrEqual(1024);
    expect(caps.exitCode).not.toBe(0);
  });

  it('shuts down in order when asked, and its boot log shows the boot', async () => {
    expect(place.runtime.bootLog(place.containerId, 100_000)).toMatch(/Reached target.*multi-user\.target/);
    await place.runtime.askToStop(place.containerId, 'systemd');
    expect(await place.runtime.waitStopped(place.containerId, 20_000)).toBe(true);
    expect(place.runtime.state(place.containerId).exit).toMatchObject({ status: 130 });
  });

  it('asked to stop in its first moment it still stops by itself, and reboot inside is told', async () => {
    await place.runtime.start(place.plan);
    await place.runtime.askToStop(place.containerId, 'systemd');
    expect(await place.runtime.waitStopped(place.containerId, 30_000)).toBe(true);
    expect(place.runtime.state(place.containerId).exit).toMatchObject({ status: 130 });
    await place.runtime.start(place.plan);
    await booted();
    await shell('systemctl reboot');
    expect(await place.runtime.waitStopped(place.containerId, 30_000)).toBe(true);
    expect(place.runtime.state(place.containerId).exit).toMatchObject({ status: 129 });
  });
});
