/**
 * A whole `./berth up` in guests with systemd as process 1: services under their units, containers that outlive the agent, a
 * reboot, a loss of power, and a purge after which nothing is left. `BERTH_VM_GUESTS` chooses guests.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Guest } from '../support/vm/guest.ts';
import { chosenGuests } from '../support/vm/plan.ts';
import { type Outcome, record } from '../support/vm/results.ts';

const services = ['postgres', 'worker', 'web', 'agent', 'keeper'];
const Status = z.object({
  whole: z.boolean(),
  supervisedBy: z.string(),
  services: z.array(z.object({ name: z.string(), state: z.string(), pid: z.number().nullable() })),
});
const Containers = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), desired: z.string(), observed: z.string() })),
});

describe.each(chosenGuests(process.env.BERTH_VM_GUESTS))('./berth up in %s', (name) => {
  let guest: Guest;
  let token = '';
  let system: Record<string, string> = {};
  const outcomes: Outcome[] = [];
  const berth = (verb: string, timeoutMs = 3_600_000) =>
    guest.try(`cd / && BERTH_CACHE=/berth/.guest/cache BERTH_POOL_SIZE=6G /berth/berth ${verb}`, timeoutMs, (line) =>
      console.log(line),
    );
  const api = async (path: string): Promise<unknown> => {
    const header = `Authorization: Bearer ${token}`;
    const script = `fetch('http://127.0.0.1:8080/api/v1${path}', { headers: { authorization: '${header.slice(15)}' } }).then(async (r) => console.log(await r.text()))`;
    const { stdout } = await guest.node(['-e', script], {}, 120_000);
    return JSON.parse(stdout);
  };
  const containers = async () => Containers.parse(await api('/containers')).items;

  /** Waits for a state of the guest, however long an emulated processor takes, but not for ever. */
  async function until(what: string, holds: () => Promise<boolean>, limitMs = 20 * 60_000): Promise<void> {
    for (const end = Date.now() + limitMs; ; await new Promise((resolve) => setTimeout(resolve, 3000))) {
      if (await holds().catch(() => false)) return;
      if (Date.now() > end) {
        const log = await guest.try('systemctl --failed --no-legend; tail -n 20 /var/lib/berth/log/*.log', 60_000);
        throw new Error(`did not come about: ${what}\n${log.stdout.slice(-6000)}`);
      }
    }
  }
  const whole = async () => Status.parse(JSON.parse((await berth('status --json', 120_000)).stdout)).whole;
  const running = async () => {
    const items = await containers();
    return items.length > 0 && items.every((item) => item.desired === 'running' && item.observed === 'running');
  };
  /** Init of every container, as the host sees it: the processes whose parent is a monitor. */
  const inits = async () => (await guest.sh('for p in $(pgrep -x conmon); do pgrep -P $p; done | sort -n')).trim();

  beforeAll(async () => {
    guest = await Guest.start(name, { forward: [8080] });
    system = await guest.describe();
  });
  afterEach(({ task }) => {
    const passed = task.result?.state === 'pass';
    const reason = task.result?.errors?.[0]?.message.split('\n')[0] ?? '';
    outcomes.push({
      file: 'vm/up',
      test: task.name,
      ...(passed ? { result: 'passed' } : { result: 'failed', reason }),
    });
  });
  afterAll(async () => {
    record(name, system, outcomes);
    await guest?.[Symbol.asyncDispose]();
  });

  it('sets everything up, from packages to a running container', async () => {
    const { code, stdout, stderr } = await berth('up');
    expect([code, stderr.slice(-2000)]).toEqual([0, '']);
    expect(stdout).toMatch(/Berth is up after/);
    token = (await berth('token admin', 300_000)).stdout.trim();
    await until('the demo container runs', running);
    const doctor = await berth('doctor', 300_000);
    expect([doctor.code, doctor.stdout]).toEqual([0, doctor.stdout]);
  });

  it('its services run under systemd, each with its own user', async () => {
    const { supervisedBy, services: found } = Status.parse(JSON.parse((await berth('status --json')).stdout));
    expect(supervisedBy).toBe('systemd');
    expect(found.map((service) => [service.name, service.state])).toEqual(services.map((s) => [s, 'running']));
    for (const service of services) expect(await guest.sh(`systemctl is-enabled berth-${service}`)).toBe('enabled\n');
    const uid = async (s: string) =>
      (await guest.sh(`stat -c %u /proc/$(systemctl show -p MainPID --value berth-${s})`)).trim();
    expect([await uid('web'), await uid('worker'), await uid('agent')]).toEqual(['1879048190', '1879048191', '0']);
  });

  it('containers outlive the agent, and a killed service comes back', async () => {
    const before = await inits();
    expect(before).not.toBe('');
    await guest.sh('systemctl restart berth-agent');
    await guest.sh('systemctl kill --kill-whom=main -s KILL berth-agent berth-worker berth-web');
    await until('all services run again', whole);
    await until('the portal sees the container run', running);
    expect(await inits()).toBe(before);
  });

  it('when memory runs out the agent is not the first, and nothing else has part in that but what holds containers', async () => {
    const score = (pids: string) => guest.sh(`for p in ${pids}; do cat /proc/$p/oom_score_adj; done | sort -un`);
    expect(await score('$(systemctl show -p MainPID --value berth-agent)')).toBe('-900\n');
    const pids = (await inits()).replaceAll('\n', ' ');
    expect(await score(pids)).toBe('0\n');
    expect(await score('$(pgrep -P $(systemctl show -p MainPID --value berth-agent) -x dnsmasq)')).toMatch(/^(0\n)?$/);
  });

  it('limits hold after systemd has been asked to read its units again', async () => {
    const limit = 'cat /sys/fs/cgroup/berth-*/*-*/memory.max';
    const before = await guest.sh(limit);
    expect(before).toMatch(/^\d+$/m);
    await guest.sh('systemctl daemon-reload; systemctl restart ssh.service');
    expect(await guest.sh(limit)).toBe(before);
    expect(await guest.sh('cat /sys/fs/cgroup/cgroup.subtree_control')).toMatch(/cpu.*memory.*pids/);
  });

  it('after a reboot everything comes back by itself', async () => {
    await guest.reboot();
    await until('all services run', whole);
    await until('the container runs', running);
  });

  it('after a loss of power everything comes back by itself', async () => {
    await guest.powerCut();
    await guest.boot();
    await until('all services run', whole);
    await until('the container runs', running);
  });

  it('purged, nothing of it is left', async () => {
    expect((await berth('down --purge --name berth')).code).toBe(0);
    const left = [
      'ls /etc/systemd/system | grep berth-',
      'ls -d /var/lib/berth /sys/fs/cgroup/berth-*',
      'ip -o link | grep berth',
      'nft list tables | grep berth',
      'pgrep -l "conmon|postgres|runc"',
      'grep -o "/var/lib/berth[^ ]*" /proc/mounts',
    ].join(' 2>/dev/null; ');
    expect((await guest.try(left)).stdout).toBe('');
  });
});
