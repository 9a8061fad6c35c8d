import { describe, expect, it } from 'vitest';
import { chosenGuests, guestFiles, guestPackages, imageKey, qemuArgv, shardOf } from '../../support/vm/plan.ts';
import { outcomesIn, tally } from '../../support/vm/results.ts';

describe('a guest', () => {
  it('has what every host and its tests need, and no browser', () => {
    const packages = guestPackages(
      '# note\nconmon\nsocat test\nchromium test\nfonts-liberation test\nqemu-system-x86 vm\n',
    );
    expect(packages).toContain('conmon');
    expect(packages).toContain('socat');
    expect(packages).toContain('linux-image-amd64');
    expect(packages.filter((name) => /chromium|fonts|qemu/.test(name))).toEqual([]);
  });

  it('is one that there is', () => {
    expect(chosenGuests(undefined)).toEqual(['debian-12', 'debian-13']);
    expect(chosenGuests('debian-13')).toEqual(['debian-13']);
    expect(() => chosenGuests('debian-11')).toThrow('There is no guest debian-11.');
  });

  it('gets another image when anything it is made of changes', () => {
    expect(imageKey('ab', 'c')).not.toBe(imageKey('a', 'bc'));
    expect(imageKey('a')).toBe(imageKey('a'));
  });

  it('has one key and no password', () => {
    const files = new Map(guestFiles('ssh-ed25519 AAAA guest').map((file) => [file.path, file]));
    expect(files.get('root/.ssh/authorized_keys')).toMatchObject({ content: 'ssh-ed25519 AAAA guest' });
    expect(files.get('etc/ssh/sshd_config.d/guest.conf')).toMatchObject({
      content: expect.stringContaining('prohibit-password'),
    });
  });

  it('is started on loopback only, ends with its starter, and writes to its own disk alone', () => {
    const machine = {
      kernel: 'k',
      initrd: 'i',
      console: 'c',
      memoryMiB: 1024,
      cores: 1,
      ports: new Map([[22, 40022]]),
    };
    const argv = qemuArgv({ ...machine, disks: ['own.img', 'shared.img'] });
    expect(argv.slice(0, 3)).toEqual(['setpriv', '--pdeathsig', 'KILL']);
    expect(argv.join(' ')).toContain('hostfwd=tcp:127.0.0.1:40022-:22');
    expect(argv).toContain('file=own.img,format=raw,if=virtio,cache=writeback');
    expect(argv).toContain('file=shared.img,format=raw,if=virtio,cache=writeback,readonly=on');
  });
});

it('shards share a list without gap or overlap', () => {
  const items = [1, 2, 3, 4, 5, 6, 7];
  expect(shardOf(items, undefined)).toEqual(items);
  expect([1, 2, 3].flatMap((part) => shardOf(items, `${part}/3`)).sort()).toEqual(items);
  for (const wrong of ['0/3', '4/3', 'x']) expect(() => shardOf(items, wrong)).toThrow('BERTH_SHARD');
});

describe('what a test run in a guest said', () => {
  const file = (status: string, assertionResults: unknown[], message = '') =>
    JSON.stringify({ testResults: [{ name: 'f', status, message, assertionResults }] });

  it('is counted test by test', () => {
    const outcomes = outcomesIn(
      file('failed', [
        { fullName: 'a', status: 'passed' },
        { fullName: 'b', status: 'failed', failureMessages: ['expected 1\n at x'] },
        { fullName: 'c', status: 'skipped' },
      ]),
      'f',
    );
    expect(tally(outcomes)).toBe('1 passed, 1 failed, 1 skipped');
    expect(outcomes[1]).toMatchObject({ result: 'failed', reason: 'expected 1' });
  });

  it('counts a file whose set-up failed as a failure', () => {
    const outcomes = outcomesIn(file('failed', [{ fullName: 'a', status: 'skipped' }], 'no disk\nx'), 'f');
    expect(outcomes.at(-1)).toEqual({ file: 'f', test: 'set-up', result: 'failed', reason: 'no disk' });
  });
});
