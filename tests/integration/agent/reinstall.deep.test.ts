/** What a reinstall keeps, on Debian with systemd, people, groups and an ssh server; and across templates. */
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample0 somebody';
const MiB = 1024 * 1024;
const roomy = { ...resources, memoryBytes: 512 * MiB, diskBytes: 768 * MiB, inodes: 65_536 };

describe('a reinstall', () => {
  let agent: TestAgent;
  let debian: TemplateRef;
  let tiny: TemplateRef;
  let containerId: string;
  let shadow: string;
  let hostKey: string;
  let retainedVolumeId: string;
  beforeAll(async () => {
    agent = await startTestAgent('real');
    [debian, tiny] = [await agent.template('debian-12'), await agent.template('tiny')];
    ({ containerId } = await agent.container(debian, { resources: roomy, hostname: 'db-1', sshKeys: [key] }));
  }, 600_000);
  afterAll(() => agent?.cleanUp());

  const passwordOf = async (name: string) =>
    (await agent.sh(containerId, `grep '^${name}:' /etc/shadow`)).split(':')[1];
  const swapTo = async (template: TemplateRef) => {
    const volumeId = uuidv7();
    await agent.act('volume.create', { containerId, args: { volumeId } });
    const args = { volumeId, template, carryIdentity: true, oldAt: '/old' as const, stopTimeoutMs: 30_000 };
    return agent.act('container.swap', { containerId, args });
  };
  const booted = () =>
    expect
      .poll(() => agent.exec(containerId, ['systemctl', 'is-system-running']).then((done) => done.stdout.trim()), {
        timeout: 60_000,
      })
      .toMatch(/running|degraded/);

  it('starts from a system with people in it', async () => {
    await agent.act('container.access', { containerId, secrets: { rootPassword: "root's pass:word" } });
    await agent.act('container.start', { containerId });
    await booted();
    const script = [
      'useradd -m -u 1500 -s /bin/bash -c "Some One" someone',
      'groupadd -g 1600 crew',
      'usermod -aG crew,games,adm someone',
      'echo "someone:a pass:word" | chpasswd',
      `mkdir -p /home/someone/.ssh && echo '${key}' > /home/someone/.ssh/authorized_keys`,
      'chown -R someone: /home/someone/.ssh && chmod 700 /home/someone/.ssh',
      'ln -s /etc/shadow /root/trap && mkfifo /home/someone/pipe',
      'rm -f /etc/ssh/ssh_host_ed25519_key* && ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key',
      'hostname',
    ];
    expect(await agent.sh(containerId, script.join(' && '))).toBe('db-1');
    shadow = `${await passwordOf('root')} ${await passwordOf('someone')}`;
    hostKey = await agent.sh(containerId, 'cat /etc/ssh/ssh_host_ed25519_key');
    expect(shadow).toMatch(/^\$\S+ \$\S+$/);
  }, 120_000);

  const keeps = async () => {
    expect(await agent.sh(containerId, 'cat /etc/hostname')).toBe('db-1');
    expect(`${await passwordOf('root')} ${await passwordOf('someone')}`).toBe(shadow);
    expect(await agent.sh(containerId, 'cat /root/.ssh/authorized_keys')).toBe(key);
    expect(await agent.sh(containerId, 'cat /home/someone/.ssh/authorized_keys')).toBe(key);
    expect(
      await agent.sh(containerId, 'stat -c "%u:%g %a" /home/someone/.ssh /home/someone/.ssh/authorized_keys'),
    ).toBe('1500:1500 700\n1500:1500 600');
    await expect(agent.sh(containerId, 'touch /old/x')).rejects.toThrow(/Read-only/);
  };

  it('keeps host name, passwords, people, groups, keys and the server’s identity on a fresh Debian', async () => {
    const swapped = await swapTo(debian);
    expect(swapped.wasRunning).toBe(true);
    retainedVolumeId = swapped.retainedVolumeId;
    await booted();
    await keeps();
    expect(await agent.sh(containerId, 'ls /old/home/someone/pipe')).toBe('/old/home/someone/pipe');
    expect(await agent.sh(containerId, 'id someone')).toMatch(/uid=1500\(someone\) gid=1500\(someone\)/);
    expect((await agent.sh(containerId, 'id -Gn someone')).split(' ').sort()).toEqual([
      'adm',
      'crew',
      'games',
      'someone',
    ]);
    expect(await agent.sh(containerId, 'getent passwd someone')).toMatch(/:Some One:\/home\/someone:\/bin\/bash$/);
    expect(await agent.sh(containerId, 'cat /etc/ssh/ssh_host_ed25519_key')).toBe(hostKey);
    expect(await agent.sh(containerId, 'stat -c "%a %U:%G" /etc/shadow')).toBe('640 root:shadow');
    await expect(agent.sh(containerId, 'ls /root/trap')).rejects.toThrow(/No such file/);
  }, 180_000);

  it('keeps people on another template too, with a shell that exists there', async () => {
    await agent.act('volume.delete', { containerId, args: { volumeId: retainedVolumeId } });
    await swapTo(tiny);
    await keeps();
    expect(await agent.sh(containerId, "grep '^someone:' /etc/passwd")).toMatch(/:\/bin\/sh$/);
  }, 180_000);
});
