import { expect, it } from 'vitest';
import { sshCommand } from '#lib/containers/ssh-command.ts';
import { ContainerState } from '#lib/contract/states.ts';

const forwards = [
  { protocol: 'udp', hostPort: 31_000, containerPort: 22 },
  { protocol: 'tcp', hostPort: 31_001, containerPort: 80 },
  { protocol: 'tcp', hostPort: 31_002, containerPort: 22 },
];

it('is told while somebody would answer, at the port that leads to it', () => {
  const told = ContainerState.options.filter((state) => sshCommand(state, '192.0.2.7', forwards) !== null);
  expect(told).toEqual(['running', 'repairing']);
  expect(sshCommand('running', '192.0.2.7', forwards)).toBe('ssh -p 31002 root@192.0.2.7');
});

it('is none where no port leads to it, or nobody knows where its host is reached', () => {
  expect(sshCommand('running', '192.0.2.7', forwards.slice(0, 2))).toBeNull();
  expect(sshCommand('running', null, forwards)).toBeNull();
});
