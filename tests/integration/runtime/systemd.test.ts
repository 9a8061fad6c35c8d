import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, type Place, sleep } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace('rt5', 'debian-12');
  // As creation does: systemd takes the name in this file over the one the runtime has set.
  await place.runtime.runOnce(place.plan, ['/bin/sh', '-c', 'cat > /etc/hostname'], {
    timeoutMs: 10_000,
    input: 'web-1\n',
  });
  await place.runtime.start(place.plan);
});
afterAll(() => place?.cleanUp());

const shell = (script: string) =>
  place.runtime.exec(place.containerId, ['/bin/sh', '-c', script], { timeoutMs: 30_000 });

async function booted(): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const { stdout } = await shell('systemctl is-system-running --wait');
    if (stdout !== '' || attempt > 40) return stdout.trim();
    await sleep(250); // no bus yet
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

  it('has a machine id of its own, made from the container’s id', async () => {
    expect((await shell('cat /etc/machine-id')).stdout.trim()).toBe(place.containerId.replaceAll('-', ''));
  });

  it('is refused what reaches past it: vsock, kernel keys, eBPF, io_uring, user fault handling', async () => {
    const errno = (call: string) => `perl -e 'my $r = ${call}; print $r == -1 || !$r ? $!+0 : "open", "\\n"'`;
    const calls = { vsock: 'socket(S, 40, 1, 0)', keyctl: 'syscall(250, 0, -3, 1)', bpf: 'syscall(321, 0, 0, 0)' };
    const more = { io_uring: 'syscall(425, 1, 0)', userfaultfd: 'syscall(323, 1)', reopen: 'syscall(304, 0, 0, 0)' };
    const expected = { vsock: 97, keyctl: 38, bpf: 1, io_uring: 38, userfaultfd: 1, reopen: 1 };
    for (const [name, call] of Object.entries({ ...calls, ...more })) {
      expect([name, (await shell(errno(call))).stdout.trim()]).toEqual([
        name,
        String(expected[name as keyof typeof expected]),
      ]);
    }
    // The same program may open what is allowed, so the list is what refuses.
    expect((await shell(errno('socket(S, 2, 1, 0)'))).stdout).toBe('open\n');
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
