import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slow } from '../../support/pace.ts';
import { groupsOf, makePlace, type Place, until } from './place.ts';

const instance = 'rt1';
let place: Place;
beforeAll(async () => {
  place = await makePlace(instance);
});
afterAll(() => place?.cleanUp());
beforeEach(async () => {
  await place.runtime.kill(place.containerId);
  await place.runtime.cleanUp(place.containerId);
});

const start = () => place.runtime.start(place.plan);
const state = () => place.runtime.state(place.containerId);
const shell = (script: string, timeoutMs = 10_000) =>
  place.runtime.exec(place.containerId, ['/bin/sh', '-c', script], { timeoutMs });
/** Past the runtime's own first stage, whose open files are the runtime's. */
const initRuns = () =>
  until('init runs', () => readFileSync(`/proc/${state().pid}/cmdline`, 'utf8').startsWith('init'));
const monitors = () =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(place.containerId);
    } catch {
      return false; // ended meanwhile
    }
  });

describe('a container', () => {
  it('starts, says so, and starting it again changes nothing', async () => {
    expect(state()).toEqual({ running: false, pid: null, startedAt: null, exit: null });
    await start();
    const { running, pid, startedAt } = state();
    expect(running).toBe(true);
    expect(Date.now() - (startedAt?.getTime() ?? 0)).toBeLessThan(10_000);
    await start();
    expect(state().pid).toBe(pid);
    await initRuns();
  });

  it('shuts down when asked right after its start, and its end is told and kept until the next start', async () => {
    const told: string[] = [];
    place.runtime.onExit((id) => told.push(id));
    await start();
    await place.runtime.askToStop(place.containerId, 'busybox');
    expect(await place.runtime.waitStopped(place.containerId, 15_000)).toBe(true);
    expect(state()).toMatchObject({ running: false, pid: null, exit: { status: 130, oom: false } });
    await until('the end is told', () => told.includes(place.containerId), 3000);
    await place.runtime.cleanUp(place.containerId, 'run');
    expect(state().exit).toMatchObject({ status: 130 });
    await start();
    expect(state()).toMatchObject({ running: true, exit: { status: 130 } });
  });

  it('tells reboot, poweroff and kill apart', async () => {
    for (const [program, status] of [
      ['reboot', 129],
      ['poweroff', 130],
    ] as const) {
      await start();
      await shell(`${program} -f`);
      expect(await place.runtime.waitStopped(place.containerId, 10_000)).toBe(true);
      expect(state().exit).toMatchObject({ status, oom: false });
    }
    await start();
    await place.runtime.kill(place.containerId);
    expect(state()).toMatchObject({ running: false, exit: { status: 137, oom: false } });
  });

  it('leaves nothing behind: no process, control group, mount or file', async () => {
    await start();
    await shell(
      'sleep 1000 > /dev/null 2>&1 & mkdir -p /sys/fs/cgroup/own && echo $! > /sys/fs/cgroup/own/cgroup.procs',
    );
    expect(groupsOf(instance).length).toBeGreaterThan(0);
    await expect(place.runtime.cleanUp(place.containerId)).rejects.toMatchObject({ code: 'state' });
    await place.runtime.kill(place.containerId);
    await place.runtime.cleanUp(place.containerId);
    expect(groupsOf(instance)).toEqual([]);
    await until('the monitor ends', () => monitors().length === 0);
    expect(place.runtime.listKnown()).toEqual([]);
    // Files alone: what is mounted there shows the kernel's groups, of which some are just going.
    const named = ['-xdev', '-name', `*${place.containerId}*`];
    const left = execFileSync('find', [place.config.agentDir, ...named], { encoding: 'utf8' }).split('\n');
    expect(left.filter((path) => path !== '' && !/\/(mnt|run\/mounts)\//.test(path))).toEqual([]);
  });

  it('that cannot be started leaves nothing and says why to the log, not the tenant', async () => {
    const broken = { ...place.plan, root: `${place.root}-absent` };
    await expect(place.runtime.start(broken)).rejects.toThrow(/absent/);
    expect(state().running).toBe(false);
    expect(groupsOf(instance)).toEqual([]);
    await start();
    expect(state().running).toBe(true);
  });

  it('has a boot log, and keeps it while it is stopped', async () => {
    await start();
    await shell('echo from inside > /dev/console');
    await until('the line is in the log', () =>
      place.runtime.bootLog(place.containerId, 10_000).includes('from inside'),
    );
    expect(place.runtime.bootLog(place.containerId, 6)).toHaveLength(6);
    await place.runtime.kill(place.containerId);
    await place.runtime.cleanUp(place.containerId, 'run');
    expect(place.runtime.bootLog(place.containerId, 10_000)).toContain('from inside');
    expect(place.runtime.listKnown()).toEqual([place.containerId]);
  });
});

it('a flood on the console does not fill the host’s disk', async () => {
  await start();
  await shell('head -c 12000000 /dev/zero | tr "\\0" "\\n" > /dev/console; echo the end > /dev/console', 30_000);
  await until('the flood is over', () => place.runtime.bootLog(place.containerId, 1000).includes('the end'), 20_000);
  expect(statSync(join(place.config.agentDir, 'logs', `${place.containerId}.log`)).size).toBeLessThan(4_000_000);
});

describe('inside a container', () => {
  it('every namespace is its own and root is nobody outside', async () => {
    await start();
    const { pid } = state();
    for (const kind of ['user', 'pid', 'mnt', 'net', 'ipc', 'uts', 'cgroup']) {
      expect(readlinkSync(`/proc/${pid}/ns/${kind}`), kind).not.toBe(readlinkSync(`/proc/self/ns/${kind}`));
    }
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:\\t${place.idBase}\\t${place.idBase}\\t`, 'm'));
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect((await shell('hostname; id -u; cat /proc/cmdline')).stdout).toBe('web-1\n0\n');
  });

  it('init has no file of the host open', async () => {
    await start();
    await initRuns();
    const fds = `/proc/${state().pid}/fd`;
    expect(readdirSync(fds).map((fd) => readlinkSync(join(fds, fd)).replace(/\d+$/, 'N'))).toSatisfy(
      (links: string[]) =>
        links.every((link) => link === '/dev/console' || link === '/dev/pts/N' || link === '/dev/null'),
    );
  });

  it('the host cannot be reached: log, clock, modules, devices, hidden files, foreign mounts', async () => {
    await start();
    const refused = {
      'the kernel log': 'dmesg',
      'the clock': 'date -s 2001-01-01; date +%Y | grep 2001',
      'device nodes': 'mknod /tmp/disk b 8 0 && head -c1 /tmp/disk',
      'kernel settings': 'echo 1 > /proc/sys/kernel/panic',
      'the trigger key': 'echo b > /proc/sysrq-trigger',
      'the outer limits': 'echo max > /sys/fs/cgroup/pids.max',
    };
    for (const [what, script] of Object.entries(refused)) {
      expect((await shell(script)).exitCode, what).not.toBe(0);
    }
    expect((await shell('cat /proc/interrupts /proc/cmdline /proc/timer_list | wc -c')).stdout).toBe('0\n');
    expect((await shell('ls /sys/firmware | wc -l')).stdout).toBe('0\n');
    expect((await shell('grep -c berth /proc/mounts; ls /sys/class/net')).stdout).not.toContain('eth');
  });

  it('the resolver and /old are there, read-only', async () => {
    const resolvConf = join(place.config.agentDir, 'resolv.conf');
    const old = join(place.config.agentDir, 'previous');
    writeFileSync(resolvConf, 'nameserver 192.0.2.1\n');
    mkdirSync(old, { recursive: true });
    writeFileSync(join(old, 'letter'), 'kept\n');
    await place.runtime.start({ ...place.plan, old, network: { hookPath: '', hookArgs: [], resolvConf } });
    expect((await shell('cat /etc/resolv.conf /old/letter')).stdout).toBe('nameserver 192.0.2.1\nkept\n');
    expect((await shell('echo x > /etc/resolv.conf')).exitCode).not.toBe(0);
    expect((await shell('echo x > /old/new')).exitCode).not.toBe(0);
    expect((await shell('grep " /old " /proc/mounts')).stdout).toMatch(/ro,nosuid,nodev/);
  });

  it('the network hook runs at create, with the state of the container', async () => {
    const out = join(place.config.agentDir, 'hook-out');
    const hookPath = join(place.config.agentDir, 'hook');
    writeFileSync(hookPath, `#!/bin/sh\n{ echo "$0 $1"; cat; } > ${out}\n`, { mode: 0o755 });
    await place.runtime.start({
      ...place.plan,
      network: { hookPath, hookArgs: [hookPath, 'member'], resolvConf: '' },
    });
    const [line, json = ''] = readFileSync(out, 'utf8').split('\n');
    expect(line).toBe(`${hookPath} member`);
    expect(JSON.parse(json)).toMatchObject({ id: place.containerId, pid: state().pid });
  });
});

describe('a program run in a container', () => {
  it('gets its arguments and input as they are, and its output and status come back', async () => {
    await start();
    const argv = ['/bin/sh', '-c', 'printf "%s|" "$@"; cat; echo oops >&2; exit 3', 'sh', '--help', '$(id)', "a'b"];
    const result = await place.runtime.exec(place.containerId, argv, { timeoutMs: 5000, input: 'in' });
    expect(result).toEqual({
      exitCode: 3,
      stdout: "--help|$(id)|a'b|in",
      stderr: 'oops\n',
      truncated: false,
      timedOut: false,
    });
  });

  it('is bounded in output and time, and what ran too long is dead', async () => {
    await start();
    const id = place.containerId;
    const flood = await place.runtime.exec(id, ['yes'], { timeoutMs: 500 * slow, maxBytes: 1000 });
    expect(flood).toMatchObject({ exitCode: null, timedOut: true, truncated: true });
    expect(flood.stdout).toHaveLength(1000);
    expect((await shell('pidof yes')).stdout).toBe('');
    const began = Date.now();
    expect(await shell('sleep 700 & echo left a child; exit 5')).toMatchObject({
      exitCode: 5,
      stdout: 'left a child\n',
    });
    expect(Date.now() - began).toBeLessThan(3000 * slow);
    await shell('setsid sleep 701 > /dev/null 2>&1 < /dev/null &');
    expect((await shell('ps -o args')).stdout).toMatch(/sleep 701/);
    expect((await shell('ps -o args')).stdout).not.toMatch(/sleep 700/);
  });

  it('that does not exist is 127; a container that does not run refuses', async () => {
    await start();
    const absent = () => place.runtime.exec(place.containerId, ['absent'], { timeoutMs: 5000 });
    expect(await absent()).toMatchObject({ exitCode: 127, stderr: 'absent: not found\n' });
    const option = await place.runtime.exec(place.containerId, ['--help'], { timeoutMs: 5000 });
    expect(option).toMatchObject({ exitCode: 127, stdout: '', stderr: '--help: not found\n' });
    await place.runtime.kill(place.containerId);
    await expect(absent()).rejects.toMatchObject({ code: 'state' });
  });
});

describe('a program run in the root of a stopped container', () => {
  const once = (argv: string[], input?: string) =>
    place.runtime.runOnce(place.plan, argv, { timeoutMs: 10_000, ...(input === undefined ? {} : { input }) });

  it('acts as root of the container, with no network, and leaves nothing but what it wrote', async () => {
    const script = 'cat > /root/note; id -u; ls /sys/class/net; echo said >&2; exit 4';
    const result = await once(['/bin/sh', '-c', script], 'text');
    expect(result).toEqual({ exitCode: 4, stdout: '0\nlo\n', stderr: 'said\n' });
    expect(readFileSync(join(place.root, 'root/note'), 'utf8')).toBe('text');
    expect(groupsOf(instance)).toEqual([]);
    expect(place.runtime.listKnown()).toEqual([]);
  });

  it('is killed when its time is over', async () => {
    const result = await place.runtime.runOnce(place.plan, ['sleep', '600'], { timeoutMs: 400 });
    expect(result.exitCode).toBeNull();
    expect(groupsOf(instance)).toEqual([]);
  });

  it('is refused while the container runs', async () => {
    await start();
    await expect(once(['true'])).rejects.toMatchObject({ code: 'state' });
  });
});
