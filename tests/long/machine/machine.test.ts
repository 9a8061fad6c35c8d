/**
 * A whole `./berth up` on fresh machines of Debian 12 and 13 with systemd: services under their units, containers that outlive
 * agent and reboot, a purge after which nothing is left. `BERTH_MACHINES=debian-13` chooses one.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Machine, type Release, releases } from '../../support/machine.ts';
import { freePort } from '../../support/postgres.ts';

const chosen = (process.env.BERTH_MACHINES ?? Object.keys(releases).join(',')).split(',') as Release[];
const services = ['postgres', 'worker', 'web', 'agent', 'keeper'];
const Status = z.object({
  supervisedBy: z.string(),
  services: z.array(z.object({ name: z.string(), state: z.string() })),
});
const Containers = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });

describe.each(chosen)('./berth up on a fresh machine of %s', (release) => {
  let machine: Machine;
  let port = 0;
  let token = '';
  const instance = `m${release.slice(-1)}`;
  const berth = (verb: string, timeoutMs = 300_000) =>
    machine.sh(`cd / && BERTH_POOL_SIZE=8G /berth/berth ${verb}`, timeoutMs);
  const api = async (path: string, method = 'GET'): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, headers });
    return answer.json();
  };
  const containers = async () => Containers.parse(await api('/containers')).items;
  /** The states its containers are in, each once. */
  const states = async () => [...new Set((await containers()).map(({ state }) => state))];
  const soon = (what: () => Promise<unknown>) =>
    expect.poll(() => what().catch(String), { timeout: 180_000, interval: 1000 });
  /** Process 1 of every container: what a monitor, or process 1 in its stead, has as a child in other namespaces. */
  const inits = async () =>
    (await machine.sh('for p in /proc/[0-9]*; do readlink $p/ns/pid; done | sort -u; true'))
      .split('\n')
      .filter((line) => line !== '');

  beforeAll(async () => {
    machine = await Machine.start(release);
  }, 1_200_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
  }, 240_000);

  it('sets everything up, from packages to a container that runs', async () => {
    port = await freePort();
    const ports = `--port ${port} --agent-port ${await freePort()} --postgres-port ${await freePort()}`;
    const names = `--instance ${instance} --subnet 10.98.${release.slice(-2)}.0/24 --forward-ports 32000-32099`;
    const printed = await berth(`up ${ports} ${names}`, 1_500_000);
    expect(printed).toMatch(/Berth is up after/);
    console.log(`${release}: ${/Berth is up after .*/.exec(printed)?.[0]}`);
    token = (await berth('token admin')).trim();
    for (const { id } of await containers()) await api(`/containers/${id}/start`, 'POST');
    await soon(states).toEqual(['running']);
    expect(await berth('doctor')).not.toMatch(/^WRONG/m);
  });

  it('its services run under systemd, the agent alone as root', async () => {
    const { supervisedBy, services: found } = Status.parse(JSON.parse(await berth('status --json')));
    expect(supervisedBy).toBe('systemd');
    expect(found.map(({ name, state }) => [name, state])).toEqual(services.map((name) => [name, 'running']));
    for (const service of services) expect(await machine.sh(`systemctl is-enabled berth-${service}`)).toBe('enabled\n');
    const uid = async (service: string) =>
      (await machine.sh(`stat -c %u /proc/$(systemctl show -p MainPID --value berth-${service})`)).trim();
    expect([await uid('web'), await uid('worker'), await uid('agent')]).toEqual(['1879048190', '1879048191', '0']);
  });

  it('containers outlive the agent, and killed services come back', async () => {
    const before = await inits();
    expect(before.length).toBeGreaterThan(1);
    await machine.sh('systemctl restart berth-agent');
    await machine.sh('systemctl kill --kill-whom=main -s KILL berth-agent berth-worker berth-web');
    await soon(async () => (await machine.sh('systemctl is-active berth-agent berth-worker berth-web')).trim()).toBe(
      'active\nactive\nactive',
    );
    await soon(states).toEqual(['running']);
    expect(await inits()).toEqual(before);
  });

  it('after a reboot everything comes back by itself', async () => {
    await machine.reboot();
    await soon(states).toEqual(['running']);
    expect(await machine.sh('systemctl list-units --failed --no-legend "berth*"')).toBe('');
  });

  it('a second up changes nothing, and a purge leaves nothing', async () => {
    expect(await berth('up')).toMatch(/Berth is up after/);
    await soon(states).toEqual(['running']);
    expect(await berth('down --purge')).toMatch(/Nothing of the installation "berth" is left/);
    const left =
      'ls -d /var/lib/berth /etc/systemd/system/berth* /sys/class/net/berth* 2>/dev/null; grep /var/lib/berth /proc/mounts; losetup -a | grep /var/lib/berth; nft list tables | grep berth_';
    const ours = (await machine.try(left)).stdout
      .split('\n')
      .filter((line) => line.includes('berth-m') || line.includes('var/lib') || line.includes(`_${instance}`));
    expect(ours).toEqual([]);
  });
});
