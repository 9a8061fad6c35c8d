/** "Done means" of a tenant: the whole way from the sign-in to the reinstall, in a browser, on a real container. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Page } from '@playwright/test';
import type { Container } from '#lib/contract/containers.ts';
import {
  expect,
  expectSameDocument,
  headState,
  markDocument,
  rest,
  signIn,
  terminalText,
  test,
  typeInTerminal,
  world,
} from './world.ts';

const runFile = promisify(execFile);
const longMs = 120_000;
const note = 'before the accident';

test.describe.configure({ mode: 'serial' });

let context: BrowserContext;
let page: Page;
let web: Container;
const api = rest('tenant');

/** What a server says by itself to whoever connects. */
function greeting(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port, timeout: 5000 });
    socket.setEncoding('utf8');
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.on('timeout', () => socket.destroy(new Error('nothing said')));
  });
}

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: world().baseUrl, reducedMotion: 'reduce' });
  page = await context.newPage();
  web = await api.container('web-1');
});
test.afterAll(async () => context.close());

const open = (path = '') => page.goto(`/containers/${web.id}${path}`);
const bootTime = async () =>
  (await api.inside(web.id, 'cut -d" " -f22 /proc/1/stat; cat /proc/sys/kernel/random/boot_id')).stdout;

test('signs in and sees the own container with state and usage', async () => {
  await signIn(page, 'tenant');
  await expect(page).toHaveURL(/\/containers$/);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'web-1' }) });
  await expect(row).toContainText('Running');
  await expect(row).toContainText(web.addresses[0] ?? 'no address');
  for (const meter of [/^CPU [\d.]+ of [\d.]+$/, /^Memory [\d.]+ of \d+ MB$/, /^Disk [\d.]+( MB)? of \d GB$/]) {
    await expect(row.getByRole('cell', { name: meter })).toBeVisible();
  }
  await row.getByRole('link', { name: 'web-1' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'web-1' })).toBeVisible();
  await expect(page.getByText('Debian 12 (bookworm)').first()).toBeVisible();
});

test('stops and starts it, and a second tab follows without being loaded anew', async () => {
  const second = await context.newPage();
  await second.goto('/containers');
  await markDocument(second);
  const state = second.getByRole('row').filter({ has: second.getByRole('link', { name: 'web-1' }) });
  await expect(state).toContainText('Running');

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(headState(page, 'Stopped')).toBeVisible({ timeout: longMs });
  await expect(state).toContainText('Stopped');
  expect((await api.container('web-1')).state).toBe('stopped');
  // What the state does not allow says why.
  await page.getByRole('button', { name: 'More actions for web-1' }).click();
  await expect(page.getByRole('menuitem', { name: /^Restart/ })).toContainText('it is stopped');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Start', exact: true }).first().click();
  await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
  await expect(state).toContainText('Running');
  await expectSameDocument(second);
  await second.close();
  await expect
    .poll(async () => (await api.inside(web.id, 'systemctl is-system-running')).stdout.trim(), { timeout: longMs })
    .toBe('running');
});

test('the overview shows usage as it changes', async () => {
  await open();
  const traffic = page.getByText(/received, .* sent since its start/);
  await expect(traffic).toBeVisible();
  await markDocument(page);
  const before = await page.getByRole('img', { name: /^Memory, / }).getAttribute('aria-label');
  await api.inside(web.id, 'head -c 60000000 /dev/zero | tail -c 60000000 >/dev/shm/e2e');
  await expect(page.getByRole('img', { name: /^Memory, / })).not.toHaveAttribute('aria-label', before ?? '');
  await expectSameDocument(page);
  await api.inside(web.id, 'rm /dev/shm/e2e');
});

test('works in the console, whose session outlives a reload', async () => {
  await open('/console');
  await expect(page.getByText('Connected')).toBeVisible();
  await typeInTerminal(page, 'kept=here; echo "$((6*7)) from the console" >/root/note.txt; cat /root/note.txt');
  await expect.poll(() => terminalText(page)).toMatch(/^42 from the console/m);
  expect((await api.inside(web.id, 'cat /root/note.txt')).stdout).toBe('42 from the console\n');

  await page.reload();
  await expect(page.getByText('Connected')).toBeVisible();
  // What stood there is shown again, and it is the same shell.
  await expect.poll(() => terminalText(page)).toContain('42 from the console');
  await typeInTerminal(page, 'echo "still $kept"');
  await expect.poll(() => terminalText(page)).toMatch(/^still here/m);
});

test('adds an ssh key; the command that is shown logs in, with that key only', async () => {
  const keys = mkdtempSync(join(tmpdir(), 'berth-e2e-ssh-'));
  try {
    const key = join(keys, 'id');
    const laptop = `laptop-${Date.now().toString(36)}`;
    await runFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', laptop, '-f', key]);
    await open('/settings');
    await page.getByLabel('Add keys').fill(readFileSync(`${key}.pub`, 'utf8'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText(laptop)).toBeVisible({ timeout: 60_000 });
    await api.settled(web.id, 'running');

    await open();
    const shown = await page.locator('code').filter({ hasText: /^ssh / }).innerText();
    expect(shown).toMatch(/^ssh -p 3\d{4} root@127\.0\.0\.1$/);
    const config = join(keys, 'config');
    writeFileSync(
      config,
      `IdentityFile ${key}\nIdentitiesOnly yes\nBatchMode yes\nConnectTimeout 5\nStrictHostKeyChecking accept-new\nUserKnownHostsFile ${join(keys, 'known')}\n`,
    );
    const [, ...words] = shown.split(' ');
    const { stdout } = await runFile('ssh', ['-F', config, ...words, 'id -un; hostname; cat /root/note.txt']);
    expect(stdout).toBe(`root\n${web.hostname}\n42 from the console\n`);
    // Nobody else gets in: a key that was not added is refused.
    await runFile('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, 'other')]);
    writeFileSync(config, readFileSync(config, 'utf8').replace(key, join(keys, 'other')));
    await expect(runFile('ssh', ['-F', config, ...words, 'true'])).rejects.toThrow(/Permission denied/);
  } finally {
    rmSync(keys, { recursive: true, force: true });
  }
});

test('forwards a port to a service inside, and takes that back', async () => {
  const server = `use IO::Socket::INET;
my $all = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die;
while (my $one = $all->accept) { print $one "hello from inside\\n"; close $one }`;
  await api.inside(
    web.id,
    `cat >/root/hello.pl <<'END'\n${server}\nEND\nsystemd-run -q --unit=e2e-hello perl /root/hello.pl`,
  );
  await open('/network');
  await page.getByRole('button', { name: 'Forward a port' }).click();
  await page.getByLabel('Port inside').fill('8000');
  await page.getByRole('button', { name: 'Forward', exact: true }).click();
  const row = page.getByRole('row').filter({ has: page.getByRole('cell', { name: '8000', exact: true }) });
  await expect(row).toBeVisible({ timeout: 60_000 });
  await api.settled(web.id, 'running');
  const [, port] = /127\.0\.0\.1:(\d+)/.exec(await row.innerText()) ?? [];
  expect(await greeting(Number(port))).toBe('hello from inside\n');

  await row.getByRole('button', { name: /^Remove/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  // While the dialog is open, nothing below it is there for its reader.
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(row).toBeHidden({ timeout: 60_000 });
  await api.settled(web.id, 'running');
  await expect(greeting(Number(port))).rejects.toThrow(/ECONNREFUSED|nothing said/);
  await api.inside(web.id, 'systemctl stop e2e-hello');
});

test('backs it up while it runs, and sees every step', async () => {
  await open('/backups');
  const before = await bootTime();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByLabel('Note (optional)').fill(note);
  await page.getByRole('button', { name: 'Back up', exact: true }).click();
  // All steps are there from the beginning.
  const card = page
    .getByRole('region')
    .or(page.locator('section'))
    .filter({ hasText: /Backing up|Backup is waiting/ });
  for (const step of ['Snapshot', 'Upload', 'Verify', 'Tidy up']) {
    await expect(card.getByRole('listitem').filter({ hasText: step })).toBeVisible();
  }
  await expect(headState(page, 'Running')).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: note }).first();
  await expect(row).toContainText('Complete', { timeout: longMs });
  await expect(row).toContainText('by Demo tenant');
  await expect(row).toContainText(/paused \d+ ms/);
  expect(await bootTime(), 'it was never restarted').toBe(before);
});

test('breaks it from the console', async () => {
  await open('/console');
  await expect(page.getByText('Connected')).toBeVisible();
  await typeInTerminal(page, 'rm -rf /root/note.txt /etc/ssh /usr/bin/ls; echo "gone: $?"');
  await expect.poll(() => terminalText(page)).toMatch(/^gone: 0/m);
  expect((await api.inside(web.id, 'ls /')).exitCode).toBe(127);
  expect((await api.inside(web.id, 'test -e /root/note.txt')).exitCode).toBe(1);
});

test('restores it: everything is back, the broken files are kept for undo', async () => {
  await open('/backups');
  await page.getByRole('row').filter({ hasText: note }).first().getByRole('button', { name: 'Restore…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('What was written since is gone');
  await dialog.getByRole('button', { name: 'Restore all files' }).click();
  for (const step of ['Fetch files', 'Switch over']) {
    await expect(page.getByRole('listitem').filter({ hasText: step })).toBeVisible();
  }
  await expect(page.getByText('Restored: web-1')).toBeVisible({ timeout: longMs });
  await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
  expect((await api.inside(web.id, 'cat /root/note.txt && ls -d /etc/ssh')).stdout).toBe(
    '42 from the console\n/etc/ssh\n',
  );
  await page.getByRole('link', { name: 'Fix it' }).first().click();
  await expect(page.getByText('Files as they were before the restore').first()).toBeVisible();
});

test('takes the restore back, and that back again', async () => {
  const gone = async () => (await api.inside(web.id, 'test -e /root/note.txt')).exitCode === 1;
  await open('/activity');
  await page
    .getByRole('listitem')
    .filter({ hasText: /^Restored/ })
    .first()
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(page.getByText('Undone: web-1')).toBeVisible({ timeout: longMs });
  await api.settled(web.id, 'running');
  expect(await gone()).toBe(true);

  await page
    .getByRole('listitem')
    .filter({ hasText: /^Undone/ })
    .first()
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect
    .poll(
      async () => (await api.operations(`containerId=${web.id}&limit=2`)).map(({ kind, state }) => `${kind} ${state}`),
      { timeout: longMs },
    )
    .toEqual(['undo succeeded', 'undo succeeded']);
  await api.settled(web.id, 'running');
  expect(await gone()).toBe(false);
});

test('reinstalls it: a fresh system, the old files at /old, keys and name as they were', async () => {
  const authorized = (await api.inside(web.id, 'cat /root/.ssh/authorized_keys')).stdout;
  await api.inside(web.id, 'touch /usr/local/bin/mine');
  await open('/fix');
  await page.getByRole('button', { name: 'Reinstall…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('checkbox', { name: /old files at \/old/ })).toBeChecked();
  await dialog.getByRole('button', { name: /^Reinstall/ }).click();
  for (const step of ['Prepare', 'Switch over']) {
    await expect(page.getByRole('listitem').filter({ hasText: step })).toBeVisible();
  }
  await expect(page.getByText('Reinstalled: web-1')).toBeVisible({ timeout: longMs });
  await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
  const seen = await api.inside(
    web.id,
    'cat /old/root/note.txt; test -e /root/note.txt; echo $?; test -e /usr/local/bin/mine; echo $?; test -e /old/usr/local/bin/mine; echo $?; hostname; touch /old/root/new 2>/dev/null; echo $?',
  );
  expect(seen.stdout.split('\n')).toEqual(['42 from the console', '1', '1', '0', web.hostname, '1', '']);
  expect((await api.inside(web.id, 'cat /root/.ssh/authorized_keys')).stdout).toBe(authorized);
});

test('sees who did what', async () => {
  await open('/activity');
  for (const what of [
    'Reinstalled',
    'Undone',
    'Restored',
    'Backed up',
    'Port forwards changed',
    'Started',
    'Stopped',
  ]) {
    await expect(
      page
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^${what}`) })
        .filter({ hasText: 'by you' }) // beside it stands how it ended, by nobody
        .first(),
    ).toBeVisible();
  }
  await expect(page.getByRole('listitem').filter({ hasText: /^Created/ })).toContainText('by Demo administrator');
});
