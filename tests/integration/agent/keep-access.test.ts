/** The script that brings host name and keys along when other files take the place of the present ones, in a root of its own. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepAccessInput, keepAccessScript, notAllKept } from '#agent/actions/keep-access.ts';
import type { KeptAccess } from '#lib/contract/agent.ts';
import { keyContent } from '#lib/contract/fields.ts';
import { inRoot } from '../../support/in-root.ts';
import { makeRoot, type TestRoot } from '../../support/make-root.ts';

const keys = '/root/.ssh/authorized_keys';
const key = (n: number) =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEexampleEXAMPLEexampleEXAMPLEexample${n} key ${n}`;
let made: TestRoot;
beforeAll(async () => {
  made = await makeRoot({ inodes: 512 });
});
afterAll(() => made?.cleanUp());

const sh = (argv: string, input = '') => inRoot(made.root, made.idBase, ['/bin/sh', '-c', argv], input);
async function keep(before: string, access: Partial<KeptAccess>) {
  await sh(`mkdir -p /root/.ssh; cat > ${keys}; chmod 600 ${keys}`, before);
  const input = keepAccessInput({ hostname: 'kept', sshKeys: [], removedSshKeys: [], ...access });
  const { code } = await sh(keepAccessScript, input);
  const { stdout } = await sh(`cat ${keys}; [ ! -e ${keys}.new ] || echo left over`);
  return { code, keys: stdout };
}

it('takes removed keys out however they stand there, and leaves the rest', async () => {
  const removedSshKeys = [keyContent(key(1)), keyContent(key(2))];
  const before = `# mine\n${key(1)}\nfrom="10.0.0.1" ${key(2)}\n${key(3)}\n`;
  expect(await keep(before, { removedSshKeys })).toEqual({ code: 0, keys: `# mine\n${key(3)}\n` });
  expect(await keep(`${key(1)}\n`, { removedSshKeys })).toEqual({ code: 0, keys: '' });
  expect(await keep(`${key(3)}\n`, { removedSshKeys: 'all', sshKeys: [key(4)] })).toEqual({
    code: 0,
    keys: `${key(4)}\n`,
  });
});

it('adds keys that are not there or stand in a comment only, on a line of their own', async () => {
  const { code, keys: text } = await keep(`#${key(1)}\n${key(2)}`, { sshKeys: [key(1), key(2)] });
  expect([code, text]).toEqual([0, `#${key(1)}\n${key(2)}\n${key(1)}\n`]);
  const { stdout } = await sh(`stat -c %a ${keys} /root/.ssh; cat /etc/hostname; grep -c kept /etc/hosts`);
  expect(stdout).toBe('600\n700\nkept\n1\n');
});

it('where nothing can be written, leaves no key rather than one that was removed, and says so', async () => {
  await sh(`mkdir -p /root/.ssh; cat > ${keys}`, `${key(1)}\n${key(2)}\n`);
  await sh('mkdir /fill; n=0; while : > /fill/$n; do n=$((n+1)); done 2>/dev/null');
  const input = keepAccessInput({ hostname: 'full', sshKeys: [], removedSshKeys: [keyContent(key(1))] });
  const { code } = await sh(keepAccessScript, input);
  expect(code).toBe(notAllKept);
  expect((await sh(`cat ${keys}; ls /root/.ssh`)).stdout).toBe('');
  await sh('rm -r /fill');
});
