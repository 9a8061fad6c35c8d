/** Everything a tenant does with backups on a screen, done to its end with the real agent: what it does is looked for inside. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Backup, BackupSettings } from '#lib/contract/backups.ts';
import { Container } from '#lib/contract/containers.ts';
import { page as pageOf } from '#lib/contract/lists.ts';
import { BackupSchedule } from '#lib/contract/schedules.ts';
import { at, dialog, leave, lookedAt, row } from './people.ts';
import { expect, headState, newContainer, removeContainer, rest, signIn, test, world } from './world.ts';

const longMs = 120_000;
const suffix = Date.now().toString(36);
const tenant = rest('tenant');

// Not the zone of any server: what is shown is in the reader's.
const zone = 'Asia/Tehran';
test.use({ timezoneId: zone });

const made: string[] = [];
/** One of the test's own, which is taken away behind it. */
async function own(name: string): Promise<Container> {
  const container = await newContainer(`${name}-${suffix}`);
  made.push(container.id);
  return container;
}
test.afterEach(async () => {
  await leave();
  for (const id of made.splice(0)) await removeContainer(id);
});

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const confirm = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();
const menu = async (page: Page, text: string, item: RegExp) => {
  await row(page, text)
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
};
const removedItem = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });
const listed = async (id: string, query = '') =>
  (await tenant.get(`/containers/${id}/backups${query}`, pageOf(Backup))).items;
/** Backs it up by a script; for what is not about making one. */
async function backUp(id: string, name: string): Promise<Backup> {
  expect((await tenant.send('POST', `/containers/${id}/backups`, { name })).status).toBe(202);
  const found = async () => (await listed(id)).find((one) => one.name === name);
  await expect.poll(async () => (await found())?.state, { timeout: longMs }).toBe('complete');
  await tenant.settled(id, 'running');
  return Backup.parse(await found());
}
/** A moment as a page in the reader's zone shows it. */
const shownAt = (at: string) =>
  new Date(at).toLocaleString('en', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: zone },
  });

test('the number a plan allows: refused, made room for, had back, deleted for good', async ({ page }) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id, name } = await own('full');
  const [first, second, third, fourth] = ['first', 'second', 'third', 'fourth'].map((each) => `${each} ${suffix}`) as [
    string,
    string,
    string,
    string,
  ];
  const long = `${first} with a name as long as it may be at all`.padEnd(60, 'x');
  await signIn(page, 'tenant', `/containers/${id}/backups`);
  await expect(page.getByText('No backup yet', { exact: true })).toBeVisible();
  await look('backups-none');

  await test.step('makes one with a name, a note and protection', async () => {
    await press(page, 'Back up now');
    await expect(dialog(page).getByLabel('Name (optional)')).toBeFocused();
    await page.keyboard.type(long);
    await dialog(page).getByLabel('Note (optional)').fill('n'.repeat(200));
    await dialog(page).getByLabel('Protect it').check();
    await confirm(page, 'Back up');
    await expect(row(page, long)).toContainText('Complete', { timeout: longMs });
    await expect(row(page, long)).toContainText('protected');
    await expect(row(page, long)).toContainText(shownAt((await listed(id))[0]?.createdAt ?? ''));
    await look('backups-long');
  });

  await test.step('is refused at the limit, and told what to do', async () => {
    await backUp(id, second);
    await backUp(id, third);
    await expect(page.getByRole('region', { name: 'Use' })).toContainText('3 of 3');
    await press(page, 'Back up now');
    await dialog(page).getByLabel('Name (optional)').fill(fourth);
    await confirm(page, 'Back up');
    await expect(dialog(page).getByRole('alert')).toContainText('allows 3 backups');
    await expect(dialog(page).getByRole('alert')).toContainText('Delete an older backup first');
    await look('backup-refused');
    await confirm(page, 'Not now');
    await expect(page.getByRole('button', { name: 'Back up now' })).toBeFocused();
  });

  await test.step('lets the oldest unprotected one make room; a shorter time asks who one is', async () => {
    await press(page, 'How they are kept…');
    await dialog(page).getByLabel('Let the oldest one make room').check();
    await dialog(page)
      .getByLabel(/^Deleted backups can be had back/)
      .fill('3');
    await dialog(page).getByLabel('Your password').fill('not my password');
    await confirm(page, 'Change');
    await expect(dialog(page).getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
    await look('backup-kept-refused');
    await dialog(page).getByLabel('Your password').fill(world().tenant.password);
    await confirm(page, 'Change');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Use' })).toContainText('makes room for a new one');
    expect(await tenant.get(`/containers/${id}/backup-settings`, BackupSettings)).toMatchObject({
      atLimit: 'rotate',
      deletedDays: 3,
    });
    await press(page, 'Back up now');
    await dialog(page).getByLabel('Name (optional)').fill(fourth);
    await confirm(page, 'Back up');
    await expect(row(page, fourth)).toContainText('Complete', { timeout: longMs });
    await expect(removedItem(page, second)).toContainText(/gone for good in (2|3) days/);
    await expect(row(page, long)).toBeVisible();
    await look('backups-rotated');
  });

  await test.step('has the one that made room back once another is deleted', async () => {
    await removedItem(page, second).getByRole('button', { name: 'Have it back' }).click();
    await expect(page.getByText('allows 3 backups')).toBeVisible();
    await look('backup-no-room');
    await page.getByRole('button', { name: /Close/ }).first().click();

    await row(page, long)
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await expect(page.getByRole('menuitem', { name: /^Delete/ })).toContainText(
      'It is protected. Take that off first.',
    );
    await look('backup-menu');
    await page.getByRole('menuitem', { name: /^Name, note, protection/ }).click();
    await dialog(page).getByLabel('Protect it').uncheck();
    await dialog(page).getByLabel('Name', { exact: true }).fill(first);
    await dialog(page).getByLabel('Note', { exact: true }).fill('let go');
    await look('backup-edit');
    await confirm(page, 'Save');
    await expect(dialog(page)).toHaveCount(0);
    await expect(row(page, first)).toContainText('“let go”');
    await expect(row(page, first)).not.toContainText('protected');

    await menu(page, first, /^Delete/);
    await expect(dialog(page)).toContainText('It can be had back for 3 days');
    await look('backup-delete');
    await confirm(page, 'Delete backup');
    await expect(removedItem(page, first)).toBeVisible();
    await removedItem(page, second).getByRole('button', { name: 'Have it back' }).click();
    await expect(row(page, second)).toContainText('Complete');
  });

  await test.step('deletes one for good, with the password', async () => {
    await removedItem(page, first).getByRole('button', { name: 'Delete for good…' }).click();
    await dialog(page).getByLabel('Your password').fill('not my password');
    await confirm(page, 'Delete for good');
    await expect(dialog(page).getByLabel('Your password')).toHaveAttribute('aria-invalid', 'true');
    await look('backup-purge');
    await dialog(page).getByLabel('Your password').fill(world().tenant.password);
    await confirm(page, 'Delete for good');
    await expect(dialog(page)).toHaveCount(0);
    await expect(removedItem(page, first)).toHaveCount(0, { timeout: longMs });
    const purged = async () => (await tenant.operations(`containerId=${id}&kind=backup-delete`))[0]?.state;
    await expect.poll(purged, { timeout: longMs }).toBe('succeeded');
    expect((await listed(id)).map((one) => one.name).sort()).toEqual([fourth, second, third].sort());
  });

  await test.step('stops one that is under way', async () => {
    await tenant.inside(id, 'head -c 150000000 /dev/urandom > /root/large');
    await press(page, 'Back up now');
    await confirm(page, 'Back up');
    const card = page.locator('section').filter({ hasText: 'Backing up' });
    await expect(card.getByRole('progressbar')).toBeVisible();
    await card.getByRole('button', { name: 'Cancel', exact: true }).click();
    await expect(page.getByText(`Backup cancelled: ${name}`)).toBeVisible({ timeout: longMs });
    await tenant.settled(id, 'running');
    // The one that had made room is there again, and no half of the new one counts.
    const whole = (await listed(id)).filter((one) => one.state === 'complete').map((one) => one.name);
    expect(whole.sort()).toEqual([fourth, second, third].sort());
    await expect(row(page, second)).toContainText('Complete');
  });
  expect(faults).toEqual([]);
});

test('two backups compared; several files put back beside, together, and by a path that is gone', async ({ page }) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('files');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  await inside('mkdir -p /root/site/img; cd /root/site; echo one > a; echo two > b; echo pic > img/logo');
  const older = await backUp(id, `older ${suffix}`);
  await inside('cd /root/site; echo changed > a; rm b; echo three > c');
  const newer = await backUp(id, `newer ${suffix}`);
  await signIn(page, 'tenant', `/containers/${id}/backups/${older.id}/compare`);

  await test.step('what came, changed and went between the two', async () => {
    const other = page.getByLabel('Compared with');
    // In the reader's zone, like every other time on the page.
    await other.selectOption({ label: `${shownAt(newer.createdAt)}, ${newer.name}` });
    await press(page, 'root/');
    await press(page, 'site/');
    const cells = (name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
    await expect(cells('a').getByRole('cell').nth(2)).toContainText('1');
    await expect(cells('b').getByRole('cell').nth(3)).toContainText('1');
    await expect(cells('c').getByRole('cell').nth(1)).toContainText('1');
    await expect(cells('img')).toHaveCount(0);
    await look('compare-two');
  });

  await test.step('several at once into another folder', async () => {
    await page.getByRole('link', { name: 'All files of the backup' }).click();
    await press(page, 'root, folder');
    await press(page, 'site, folder');
    await page.getByLabel('Choose a', { exact: true }).check();
    await page.getByLabel('Choose b', { exact: true }).check();
    await press(page, 'Restore…');
    await dialog(page).getByLabel('Into another folder (optional)').fill('/root/had back');
    await expect(dialog(page)).toContainText('2 new');
    await look('restore-several');
    await confirm(page, 'Restore');
    await expect(dialog(page)).toHaveCount(0);
    await tenant.settled(id, 'running');
    await expect.poll(() => inside('cd "/root/had back" && cat a b')).toBe('one\ntwo\n');
    expect(await inside('cat /root/site/a')).toBe('changed\n');
  });

  await test.step('one beside what is there now', async () => {
    await press(page, 'Actions for a');
    await page.getByRole('menuitem', { name: 'Restore…' }).click();
    await dialog(page).getByLabel('Keep both').check();
    await expect(dialog(page)).toContainText('both are kept');
    await confirm(page, 'Restore');
    await expect(dialog(page)).toHaveCount(0);
    await expect.poll(() => inside('cat /root/site/a*')).toBe('changed\none\n');
  });

  await test.step('a folder as an archive', async () => {
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('button', { name: 'root' }).click();
    const arriving = page.waitForEvent('download');
    await press(page, 'Actions for site');
    await page.getByRole('menuitem', { name: 'Download as archive' }).click();
    const archive = await (await arriving).path();
    const names = execFileSync('tar', ['tf', archive], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(names).toMatch(/\ba$/m);
    expect(names).toMatch(/img\/logo$/m);
    expect(
      execFileSync('tar', ['xOf', archive, '--wildcards', '*/b'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ).toBe('two\n');
  });

  await test.step('one that is gone from the folder, by its path', async () => {
    await page.goto(`/containers/${id}/files?path=${encodeURIComponent(Buffer.from('/root/site').toString('base64'))}`);
    await press(page, 'Actions for c');
    await page.getByRole('menuitem', { name: 'Restore from a backup…' }).click();
    await dialog(page).getByLabel('File or folder').fill('/root/site/b');
    const choice = dialog(page).getByLabel('Backup', { exact: true });
    // Which is which: by its name, and by the reader's clock.
    const label = await choice.locator(`option[value="${older.id}"]`).innerText();
    expect(label).toContain(shownAt(older.createdAt));
    expect(label).toContain(older.name);
    await choice.selectOption(older.id);
    await dialog(page).getByLabel('Only what is missing').check();
    await expect(dialog(page)).toContainText('1 new');
    await look('restore-by-path');
    await confirm(page, 'Restore');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'b', exact: true })).toBeVisible();
    expect(await inside('cat /root/site/b')).toBe('two\n');
  });
  expect(faults).toEqual([]);
});

test('a schedule: its preview, a real run, what it lets go, and off', async ({ page }) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('timed');
  const schedule = () => tenant.get(`/containers/${id}/backup-schedule`, BackupSchedule);
  await signIn(page, 'tenant', `/containers/${id}/backups`);

  await test.step('weekly, in the zone one is in', async () => {
    await press(page, 'Set a schedule…');
    await expect(dialog(page).getByLabel('Time zone')).toHaveValue(zone);
    await expect(dialog(page)).toContainText('The one you are in.');
    await dialog(page).getByLabel('How often').selectOption('week');
    await dialog(page).getByLabel('On', { exact: true }).selectOption({ label: 'Sunday' });
    await dialog(page).getByLabel('At', { exact: true }).fill('04:45');
    await expect(dialog(page)).toContainText(/Next run Sun, .*04:45/);
    await dialog(page).getByLabel('Time zone').fill('Asia/Nowhere');
    await expect(dialog(page)).not.toContainText('Next run');
    await confirm(page, 'Save');
    await expect(dialog(page).getByLabel('Time zone')).toHaveAttribute('aria-invalid', 'true');
    await look('schedule-refused');
    await dialog(page).getByLabel('Time zone').fill(zone);
    await confirm(page, 'Save');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByText(`On Sundays at 04:45 (${zone}).`)).toBeVisible();
    await expect(page.getByText(/^Next run Sun, /)).toContainText('04:45');
    await look('schedule-weekly');
  });

  await test.step('hourly, and it runs by itself', async () => {
    await press(page, 'Change the schedule…');
    await dialog(page).getByLabel('How often').selectOption('hour');
    // Of the zone, which is half an hour off.
    const soon = new Date(Date.now() + 75_000 + 30 * 60_000);
    await dialog(page)
      .getByLabel('At (the minutes count)')
      .fill(`00:${String(soon.getUTCMinutes()).padStart(2, '0')}`);
    for (const rule of ['Hourly', 'Daily', 'Weekly', 'Monthly'])
      await dialog(page).getByLabel(rule, { exact: true }).fill('0');
    await dialog(page).getByLabel('Last', { exact: true }).fill('1');
    await confirm(page, 'Save');
    await expect(dialog(page)).toHaveCount(0);
    await expect.poll(async () => (await schedule()).candidates.length, { timeout: 240_000 }).toBe(1);
    await expect(page.getByRole('row').filter({ hasText: 'Complete' })).toHaveCount(1);
    await expect(page.getByText(/last run/)).toBeVisible();
    await press(page, 'Change the schedule…');
    await expect(dialog(page)).toContainText('keeps the new one');
    await expect(dialog(page)).toContainText('lets go');
    await dialog(page).getByLabel('Last', { exact: true }).fill('2');
    await expect(dialog(page)).not.toContainText('lets go');
    await look('schedule-preview');
  });

  await test.step('off again', async () => {
    await dialog(page).getByLabel('Back up by schedule').uncheck();
    await confirm(page, 'Save');
    await expect(page.getByText('It is backed up only when somebody asks for it.')).toBeVisible();
    expect(await schedule()).toMatchObject({ enabled: false, nextRunAt: null });
  });
  expect(faults).toEqual([]);
});

test('taken away as one file and made a container again; deleted by its name, and had back twice', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const container = await own('away');
  const { id, name } = container;
  const inside = async (script: string, of = id) => (await tenant.inside(of, script)).stdout;
  await inside('echo old > /root/kept');
  const older = await backUp(id, `older ${suffix}`);
  await inside('echo new > /root/kept');
  await backUp(id, `newer ${suffix}`);
  await signIn(page, 'tenant', `/containers/${id}/backups`);

  const archive = await test.step('exports it', async () => {
    await press(page, 'Export…');
    await look('export');
    await confirm(page, 'Make the file');
    await expect(dialog(page)).toHaveCount(0);
    const link = page.getByRole('link', { name: 'Download', exact: true });
    await expect(link).toBeVisible({ timeout: longMs });
    await look('export-made');
    const arriving = page.waitForEvent('download');
    await link.click();
    const path = await (await arriving).path();
    expect(readFileSync(path).length).toBeGreaterThan(1000);
    return path;
  });

  await test.step('imports it under another name', async () => {
    await page.goto('/containers');
    await press(page, 'Import…');
    await dialog(page).getByLabel('Name', { exact: true }).fill(`again-${suffix}`);
    await dialog(page).getByLabel('File', { exact: true }).setInputFiles(archive);
    await look('import');
    await confirm(page, 'Import');
    await expect(page).toHaveURL(/\/containers\/[0-9a-f-]{36}$/, { timeout: longMs });
    await expect(headState(page, 'Running')).toBeVisible({ timeout: longMs });
    const copy = await tenant.container(`again-${suffix}`);
    expect(await inside('cat /root/kept', copy.id)).toBe('new\n');
    await look('imported');
    // What it has no template for says so, and what helps instead.
    await page.goto(`/containers/${copy.id}/fix`);
    await expect(page.getByText('there is nothing to make a rescue system of').first()).toBeVisible();
    await look('imported-fix');
    await page.goto(`/containers/${copy.id}/files/changes`);
    await look('imported-changes');
  });

  // Its owner does not delete it; who made it does.
  const staff = await at(browser, 'reseller-a');
  const remove = async (of: Container, ...words: string[]) => {
    await staff.goto(`/containers/${of.id}`);
    await press(staff, `More actions for ${of.name}`);
    await staff.getByRole('menuitem', { name: /^Delete/ }).click();
    for (const word of words) await expect(dialog(staff)).toContainText(word);
    await expect(dialog(staff).getByRole('button', { name: 'Delete container' })).toHaveAccessibleDescription(
      new RegExp(of.name),
    );
    faults.push(...(await lookedAt(staff, `screens-delete-${words.length}`)));
    await dialog(staff).getByRole('textbox').fill(of.name);
    await confirm(staff, 'Delete container');
    await expect(staff).not.toHaveURL(new RegExp(of.id), { timeout: longMs });
  };
  await test.step('the copy is deleted, of which nothing is left', async () => {
    const copy = await tenant.container(`again-${suffix}`);
    await page.goto('/containers');
    await remove(copy, 'This cannot be undone.', 'it has no complete backup: all of it is lost');
    await expect(row(page, copy.name)).toHaveCount(0, { timeout: longMs });
    await expect(removedItem(page, copy.name)).toHaveCount(0);
  });

  const back = async (text: string) => {
    await expect(dialog(page)).toHaveCount(0);
    await tenant.settled(id, 'running', longMs);
    expect(await inside('cat /root/kept')).toBe(text);
    expect((await tenant.get(`/containers/${id}`, Container)).name).toBe(name);
  };
  const deleted = async () => {
    await page.goto('/containers');
    await remove(container, 'It can be had back from its backups until');
    await expect(removedItem(page, name)).toContainText('2 backups', { timeout: longMs });
  };
  await test.step('had back from an older backup, in the list of all of them', async () => {
    await deleted();
    await look('deleted');
    await page.goto('/backups');
    const line = row(page, older.name).filter({ hasText: name });
    await expect(line).toContainText('deleted; can be brought back for');
    await look('backups-of-a-deleted');
    await line.getByRole('button', { name: 'Bring the container back…' }).click();
    await expect(dialog(page).getByLabel('Backup', { exact: true })).toHaveValue(older.id);
    await look('undelete');
    await confirm(page, 'Have it back');
    await back('old\n');
  });
  await test.step('and from the newest one, in the list of containers', async () => {
    await deleted();
    await removedItem(page, name).getByRole('button', { name: 'Have it back…' }).click();
    await confirm(page, 'Have it back');
    await back('new\n');
    await page.goto(`/containers/${id}`);
    await expect(headState(page, 'Running')).toBeVisible();
  });
  expect(faults).toEqual([]);
});
