/** A tenant's bad night, all of it on a telephone: see what is wrong, save, break, put back, ask for help, let somebody in to lend a hand. */
import { Container } from '#lib/contract/containers.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import {
  account,
  at,
  dialog,
  insideBy,
  leave,
  linkIn,
  lookedAt,
  mailTo,
  newBrowser,
  phone,
  row,
  signInAs,
} from './people.ts';
import { expect, headState, mainMenu, rest, terminalText, test } from './world.ts';

const suffix = Date.now().toString(36);
const note = `before I touch it, ${suffix}`;
const friend = { email: `friend-${suffix}@example.test`, password: 'a long enough password' };
const longMs = 120_000;
const admin = rest('admin');

test.afterEach(leave);

test('the main job with one thumb', async ({ browser }) => {
  test.setTimeout(900_000);
  const faults: string[] = [];
  const { items } = await admin.get('/containers?q=web-a2', pageOf(Container));
  const id = items.find((one) => one.name === 'web-a2')?.id ?? '';
  const page = await newBrowser(browser, 'phone');
  /** What is pressed is large enough for a thumb, and not under something else: Playwright taps only what it hits. */
  const tap = async (name: string | RegExp, exact = true) => {
    const button = page
      .getByRole('button', { name, exact })
      .or(page.getByRole('link', { name, exact }))
      .or(page.getByRole('menuitem', { name, exact }))
      .filter({ visible: true })
      .first();
    await button.tap();
  };
  const tab = (name: string) =>
    page.getByRole('navigation', { name: 'Pages of web-a2' }).getByRole('link', { name, exact: true });

  await test.step('signs in and sees at once what state it is in', async () => {
    await page.goto('/');
    faults.push(...(await lookedAt(page, 'day-tenant-door')));
    await signInAs(page, account('tenant-a2'));
    await expect(page).toHaveURL(/\/containers$/);
    await expect(row(page, 'web-a2')).toContainText('Running');
    faults.push(...(await lookedAt(page, 'day-tenant-list')));
    await tap('web-a2');
    await expect(headState(page, 'Running')).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-tenant-container')));
  });

  await test.step('stops and starts it', async () => {
    await tap('More actions for web-a2');
    await page.getByRole('menuitem', { name: 'Stop', exact: true }).tap();
    await expect(headState(page, 'Stopped')).toBeVisible({ timeout: longMs });
    await tap('Start');
    await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
  });

  await test.step('backs it up, with a word to find it again', async () => {
    await insideBy(page, id, 'echo precious > /root/shop.db');
    await tap('Back up now');
    await dialog(page).getByLabel('Note (optional)').fill(note);
    faults.push(...(await lookedAt(page, 'day-tenant-backup')));
    await dialog(page).getByRole('button', { name: 'Back up', exact: true }).tap();
    await tab('Backups').tap();
    await expect(row(page, note)).toContainText('Complete', { timeout: longMs });
    faults.push(...(await lookedAt(page, 'day-tenant-backups')));
  });

  await test.step('breaks it in the console, whose keys a telephone lacks are there', async () => {
    await tab('Console').tap();
    await expect(page.getByText('Connected')).toBeVisible();
    await page.locator('.xterm').tap();
    await page.keyboard.type('sleep 1000');
    await page.keyboard.press('Enter');
    await tap('Control C');
    await page.keyboard.type('rm /root/shop.db; echo "gone: $?"');
    await page.keyboard.press('Enter');
    await expect.poll(() => terminalText(page)).toMatch(/^gone: 0/m);
    faults.push(...(await lookedAt(page, 'day-tenant-console')));
  });

  await test.step('puts it back from the backup, step by step before the eyes', async () => {
    await tab('Backups').tap();
    await row(page, note).getByRole('button', { name: 'Restore…' }).tap();
    await expect(dialog(page)).toContainText('What was written since is gone');
    faults.push(...(await lookedAt(page, 'day-tenant-restore')));
    await dialog(page).getByRole('button', { name: 'Restore all files' }).tap();
    await expect(page.getByText('Restored: web-a2')).toBeVisible({ timeout: longMs });
    await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
    expect(await insideBy(page, id, 'cat /root/shop.db')).toBe('precious');
    await tab('Fix it').tap();
    await expect(page.getByText('Files as they were before the restore').first()).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-tenant-fix')));
  });

  await test.step('sees who did what, and takes the restore back and again back', async () => {
    await tab('Activity').tap();
    const entry = (what: string) =>
      page
        .getByRole('listitem')
        .filter({ hasText: new RegExp(`^${what}`) })
        .first();
    await expect(entry('Restored')).toContainText('by you');
    faults.push(...(await lookedAt(page, 'day-tenant-activity')));
    await entry('Restored').getByRole('button', { name: 'Undo' }).tap();
    await expect(page.getByText('Undone: web-a2')).toBeVisible({ timeout: longMs });
    await admin.settled(id, 'running', longMs);
    expect(await insideBy(page, id, 'test -e /root/shop.db; echo $?')).toBe('1');
    await entry('Undone').getByRole('button', { name: 'Undo' }).tap();
    const newest = async () =>
      (await admin.operations(`containerId=${id}&limit=2`)).map((one) => `${one.kind} ${one.state}`);
    await expect.poll(newest, { timeout: longMs }).toEqual(['undo succeeded', 'undo succeeded']);
    await admin.settled(id, 'running', longMs);
    expect(await insideBy(page, id, 'cat /root/shop.db')).toBe('precious');
  });

  await test.step('looks for a file', async () => {
    await tab('Files').tap();
    await tap('root, folder');
    await tap('shop.db');
    await expect(page.getByText('precious')).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-tenant-file')));
  });

  const ticket = await test.step('asks for help with a picture of the error', async () => {
    await page.goto(`/containers/${id}`);
    await tap('Get help');
    await dialog(page).getByLabel('What is it about?').fill(`Why was it slow? ${suffix}`);
    await dialog(page).getByLabel('What happened, and what did you expect?').fill('It hung for a minute.');
    faults.push(...(await lookedAt(page, 'day-tenant-help')));
    await dialog(page).getByRole('button', { name: 'Ask for help' }).tap();
    await expect(page).toHaveURL(/\/help\/[0-9a-f-]{36}$/);
    const picture = { name: 'error.txt', mimeType: 'text/plain', buffer: Buffer.from('Timeout after 60 s\n') };
    await page.getByLabel('Attach a file').setInputFiles(picture);
    await expect(page.getByRole('link', { name: 'error.txt' })).toBeVisible();
    faults.push(...(await lookedAt(page, 'day-tenant-ticket')));
    return new URL(page.url()).pathname.split('/').at(-1) ?? '';
  });

  await test.step('is answered by its reseller while the page is open', async () => {
    const reseller = await at(browser, 'reseller-a');
    await reseller.goto(`/admin/tickets/${ticket}`);
    await expect(reseller.getByRole('link', { name: 'error.txt' })).toBeVisible();
    await reseller.getByLabel('Your answer').fill('A neighbour was busy; it is over.');
    await reseller.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(page.getByText('A neighbour was busy; it is over.')).toBeVisible();
    await reseller.context().close();
    await tap('Close as solved');
    await expect(page.getByText('Closed', { exact: true })).toBeVisible();
  });

  await test.step('finds everything else behind "More"', async () => {
    await mainMenu(page).getByRole('button', { name: 'More' }).tap();
    faults.push(...(await lookedAt(page, 'day-tenant-menu')));
    await dialog(page).getByRole('link', { name: 'Team', exact: true }).tap();
    await expect(page.getByRole('heading', { level: 1, name: 'Team' })).toBeVisible();
    await expect(dialog(page)).toHaveCount(0);
  });

  await test.step('lets a friend in for this one container, and out again', async () => {
    await tap('Invite somebody');
    await dialog(page).getByLabel('E-mail').fill(friend.email);
    await dialog(page).getByLabel('Role', { exact: true }).selectOption({ label: 'Viewer' });
    await dialog(page).getByLabel('Over', { exact: true }).selectOption('container');
    await dialog(page).getByLabel('Container', { exact: true }).selectOption({ label: 'web-a2' });
    faults.push(...(await lookedAt(page, 'day-tenant-invite')));
    await dialog(page).getByRole('button', { name: 'Send the invitation' }).tap();
    await expect(row(page, friend.email)).toContainText('Viewer of web-a2');
    const guest = await newBrowser(browser, 'phone');
    await guest.goto(linkIn(await mailTo(friend.email, 'you are invited')).href);
    await guest.getByLabel('Your name').fill('A friend');
    await guest.getByLabel('Choose a password').fill(friend.password);
    await guest.getByRole('button', { name: 'Join' }).tap();
    await expect(guest).toHaveURL(/\/sign-in/);
    await signInAs(guest, friend);
    await guest.getByRole('link', { name: 'web-a2' }).tap();
    await expect(headState(guest, 'Running')).toBeVisible();
    await expect(guest.getByRole('button', { name: 'Back up now' })).toHaveCount(0);
    faults.push(...(await lookedAt(guest, 'day-tenant-friend')));
    await page.reload();
    await row(page, 'A friend')
      .getByRole('button', { name: /^Remove/ })
      .tap();
    await dialog(page)
      .getByRole('button', { name: /^Remove/ })
      .tap();
    await expect(row(page, 'A friend')).toHaveCount(0);
    await expect.poll(async () => (await guest.request.get('/api/v1/me')).status(), { timeout: 2000 }).toBe(401);
  });

  expect(page.viewportSize()).toEqual(phone);
  expect(faults).toEqual([]);
});
