import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerPlan } from '#agent/adapters.ts';
import { execArgs, notStarted } from '#agent/runtime/exec.ts';
import { type HostFacts, ociConfig, type Program } from '#agent/runtime/plan.ts';

const plan: ContainerPlan = {
  containerId: '01890000-0000-7000-8000-000000000001',
  hostname: 'web-1',
  idBase: 1_879_048_192,
  root: '/srv/root',
  old: null,
  init: 'systemd',
  resources: { cpuCores: 1, cpuShares: 1024, memoryBytes: 2 ** 28, pids: 100, diskBytes: 2 ** 30, inodes: 1e5 },
  network: { hookPath: '/hooks/net', hookArgs: ['/hooks/net', 'file'], resolvConf: '/run/resolv.conf' },
};
const host: HostFacts = { cgroupsPath: '/berth-b0/x/ct', openFiles: 20_000, oomScoreAdj: 0, figures: [] };
const init: Program = { kind: 'init' };
const once: Program = { kind: 'once', argv: ['/bin/true'] };

describe('the OCI configuration', () => {
  it('has every namespace, the id range of the plan, and no path to share one', () => {
    const { linux } = ociConfig(plan, host, init);
    expect(linux.namespaces.map((namespace) => namespace.type).sort()).toEqual([
      'cgroup',
      'ipc',
      'mount',
      'network',
      'pid',
      'user',
      'uts',
    ]);
    expect(linux.namespaces.every((namespace) => Object.keys(namespace).length === 1)).toBe(true);
    expect(linux.uidMappings).toEqual([{ containerID: 0, hostID: plan.idBase, size: 65_536 }]);
    expect(linux.gidMappings).toEqual(linux.uidMappings);
  });

  it('never grants a capability that acts on the host', () => {
    const granted = new Set(Object.values(ociConfig(plan, host, init).process.capabilities).flat());
    for (const name of ['MODULE', 'RAWIO', 'TIME', 'RESOURCE', 'PACCT'])
      expect(granted).not.toContain(`CAP_SYS_${name}`);
    for (const name of ['MAC_ADMIN', 'MAC_OVERRIDE', 'SYSLOG', 'BPF', 'PERFMON', 'AUDIT_READ', 'WAKE_ALARM']) {
      expect(granted).not.toContain(`CAP_${name}`);
    }
    expect(granted).toContain('CAP_SYS_BOOT'); // reboot inside acts on the pid namespace
  });

  it('lets reboot and mount through and refuses modules, kexec and handles', () => {
    const { seccomp } = ociConfig(plan, host, init).linux;
    const whole = new Set(
      seccomp.syscalls.filter((rule) => !('args' in rule)).flatMap((rule) => rule.names as string[]),
    );
    for (const call of ['reboot', 'mount', 'clone', 'clone3', 'unshare', 'fsopen', 'ptrace'])
      expect(whole).not.toContain(call);
    for (const call of ['init_module', 'kexec_load', 'open_by_handle_at', 'syslog']) expect(whole).toContain(call);
  });

  it('shows a rescue system the real files without their set-user-id bits and devices, read-only if so wished', () => {
    const shown = (readOnly: boolean) =>
      ociConfig({ ...plan, repair: { path: '/srv/own', readOnly } }, host, init).mounts.at(-1);
    const mount = { destination: '/repair', type: 'bind', source: '/srv/own' };
    expect(shown(false)).toEqual({ ...mount, options: ['rbind', 'nosuid', 'nodev'] });
    expect(shown(true)).toEqual({ ...mount, options: ['rbind', 'ro', 'nosuid', 'nodev'] });
  });

  it('runs init on a terminal with the hook, and a single program without either', () => {
    const normal = ociConfig(plan, host, init);
    expect(normal.process).toMatchObject({ terminal: true, args: ['/sbin/init'] });
    expect(normal.hooks).toEqual({ createRuntime: [{ path: '/hooks/net', args: ['/hooks/net', 'file'] }] });
    const single = ociConfig(plan, host, once);
    expect(single.process).toMatchObject({ terminal: false, args: ['/bin/true'] });
    expect(single.hooks).toEqual({});
    expect(single.mounts.some((mount) => mount.source === '/run/resolv.conf')).toBe(false);
    expect(single.linux).toEqual(normal.linux);
  });

  it('mounts nothing of the host but the resolver file and /old, both read-only, nosuid, nodev', () => {
    const binds = ociConfig({ ...plan, old: '/srv/old' }, host, init).mounts.filter((mount) => mount.type === 'bind');
    expect(binds.map((mount) => mount.destination)).toEqual(['/etc/resolv.conf', '/old']);
    for (const { options } of binds) expect(options).toEqual(expect.arrayContaining(['ro', 'nosuid', 'nodev']));
  });

  it('covers a mount point before what lies below it', () => {
    const order = ociConfig(plan, host, init).mounts.map((mount) => mount.destination);
    for (const [index, destination] of order.entries()) {
      expect(order.slice(index + 1).filter((later) => destination.startsWith(`${later}/`))).toEqual([]);
    }
  });

  it('asks for no limit that the agent itself could not give', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 2_000_000 }),
        fc.integer({ min: -1000, max: 1000 }),
        (openFiles, oomScoreAdj) => {
          const { process } = ociConfig(plan, { ...host, openFiles, oomScoreAdj }, init);
          const files = process.rlimits.find((limit) => limit.type === 'RLIMIT_NOFILE');
          expect(files?.hard).toBeLessThanOrEqual(openFiles);
          expect(files?.soft).toBeLessThanOrEqual(files?.hard ?? 0);
          expect(process.oomScoreAdj).toBeGreaterThanOrEqual(Math.max(0, oomScoreAdj));
        },
      ),
    );
  });

  it('takes a program’s words as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
        expect(ociConfig(plan, host, { kind: 'once', argv }).process.args).toEqual(argv);
      }),
    );
  });
});

describe('a program started in a running container', () => {
  it('is always root at /, whatever the tenant asks', () => {
    const args = execArgs('/run/x.pid', { terminal: true });
    expect(args[args.indexOf('--user') + 1]).toBe('0:0');
    expect(args[args.indexOf('--cwd') + 1]).toBe('/');
    expect(args[0]).toBe('exec');
  });

  it('that could not start is told in a shell’s words, never in the runtime’s', () => {
    const words = 'runc run failed: exec: "x": executable file not found in $PATH';
    expect(notStarted(words, 'x')).toEqual({ exitCode: 127, stderr: 'x: not found\n' });
    expect(notStarted('exec /etc/passwd: permission denied', 'p')).toEqual({
      exitCode: 126,
      stderr: 'p: permission denied\n',
    });
    expect(notStarted('cannot open /var/lib/berth/secret', 'p').stderr).not.toContain('berth');
  });
});
