/** Every way out of trouble and everything in the file browser, done to its end with the real agent: what it does is looked for inside. */
import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { Container } from '#lib/contract/containers.ts';
import { dialog, lookedAt } from './people.ts';
import {
  expect,
  headState,
  newContainer,
  removeContainer,
  rest,
  signIn,
  terminalText,
  test,
  typeInTerminal,
} from './world.ts';

const longMs = 120_000;
const suffix = Date.now().toString(36);
const tenant = rest('tenant');

const made: string[] = [];
/** One of the test's own, which is taken away behind it. */
async function own(name: string, plan?: string): Promise<Container> {
  const container = await newContainer(`${name}-${suffix}`, plan);
  made.push(container.id);
  return container;
}
test.afterEach(async () => {
  for (const id of made.splice(0)) await removeContainer(id);
});

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const confirm = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();
const item = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });
const folder = (id: string, path: string) =>
  `/containers/${id}/files?path=${encodeURIComponent(Buffer.from(path).toString('base64'))}`;
/** Waits until the newest operation of a kind has ended well, and nothing else runs. */
async function done(id: string, kind: string): Promise<void> {
  const newest = async () => (await tenant.operations(`containerId=${id}&kind=${kind}&limit=1`))[0]?.state;
  await expect.poll(newest, { timeout: longMs }).toBe('succeeded');
  await tenant.settled(id, 'running', longMs);
}

test('what did I change? One path put back, then all system files, and all of that taken back', async ({ page }) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('changed');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  await signIn(page, 'tenant', `/containers/${id}/files`);
  await page.getByRole('link', { name: 'What did I change?' }).click();
  await expect(page.getByText('Comparing')).toBeHidden();
  await look('changes-few');
  await inside(
    'echo mine >> /etc/README; rm /etc/shells; echo mine >> /etc/profile; echo new > /etc/of-mine; echo hi > /root/hi',
  );

  await test.step('one path', async () => {
    await page.reload();
    await press(page, 'etc/');
    const line = (name: string) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
    await expect(line('README')).toContainText('Changed');
    await expect(line('shells')).toContainText('Deleted');
    await expect(line('of-mine')).toContainText('New');
    await expect(line('of-mine').getByRole('button')).toHaveCount(0);
    await look('changes');
    await press(page, 'Recover README');
    await expect(dialog(page)).toContainText('1 file or folder will be put back:');
    await look('recover-one');
    await confirm(page, 'Recover');
    await done(id, 'recover');
    expect(await inside('grep -c mine /etc/README')).toBe('0\n');
    // The page follows, and stays where one was.
    await expect(line('README')).toHaveCount(0);
    await expect(line('shells')).toContainText('Deleted');
  });

  await test.step('who may log in comes back by its own name only, and that is said', async () => {
    await inside('echo guest:x:1000:1000::/:/bin/sh >> /etc/passwd');
    await page.reload();
    await press(page, 'etc/');
    await press(page, 'Recover passwd');
    await expect(dialog(page)).toContainText('Make sure that you can still log in.');
    await look('recover-identity');
    await confirm(page, 'Change nothing');
    await expect(page.getByRole('button', { name: 'Recover passwd' })).toBeFocused();
  });

  await test.step('all system files', async () => {
    await press(page, 'Recover all system files…');
    await expect(dialog(page).getByRole('list', { name: 'What will be put back' })).toContainText('/etc/shells');
    await expect(dialog(page).getByRole('list', { name: 'What will be put back' })).not.toContainText('passwd');
    await look('recover-all');
    await confirm(page, 'Recover');
    await done(id, 'recover');
    expect(
      await inside('cat /etc/shells; grep -c mine /etc/profile; cat /etc/of-mine /root/hi; grep -c guest /etc/passwd'),
    ).toBe('/bin/sh\n/bin/ash\n0\nnew\nhi\n1\n');
  });

  await test.step('and back to how it was', async () => {
    await page.goto(`/containers/${id}/fix`);
    const kept = item(page, 'Files as they were before system files were put back');
    await expect(kept).toContainText(/kept for another \d+ h/);
    await kept.getByRole('button', { name: 'Go back…' }).click();
    await look('recover-undo');
    await confirm(page, 'Go back');
    await expect(dialog(page)).toHaveCount(0);
    await done(id, 'rollback');
    expect(await inside('test -e /etc/shells; echo $?; grep -c mine /etc/profile')).toBe('1\n1\n');
  });
  expect(faults).toEqual([]);
});

test('snapshots to their number; what a third set of old files puts out is chosen; old files released', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('snap');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  const kept = async () => (await tenant.get(`/containers/${id}`, Container)).retained.map((one) => one.reason);
  await signIn(page, 'tenant', `/containers/${id}/fix`);
  await look('fix-empty');

  await test.step('as many as the plan allows, and one deleted', async () => {
    for (const name of ['one', 'two', 'three with a name that is long '.padEnd(100, 'x')]) {
      await inside(`echo "${name.slice(0, 3)}" > /root/state`);
      await press(page, 'Take snapshot…');
      await expect(dialog(page).getByLabel('Name (optional)')).toBeFocused();
      await page.keyboard.type(name);
      await page.keyboard.press('Enter');
      await expect(item(page, name).getByRole('button', { name: 'Roll back…' })).toBeVisible({ timeout: longMs });
      await done(id, 'snapshot');
    }
    await expect(page.getByRole('button', { name: 'Take snapshot…' })).toHaveAccessibleDescription(
      'Your plan allows 3. Delete one first.',
    );
    await look('snapshots-full');
    await page.getByRole('button', { name: /^Actions for the snapshot two/ }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await look('snapshot-delete');
    await confirm(page, 'Delete snapshot');
    await expect(item(page, 'two')).toHaveCount(0, { timeout: longMs });
    await done(id, 'snapshot-delete');
  });

  const roll = async () => {
    const line = page.getByRole('listitem').filter({ has: page.getByText('one', { exact: true }) });
    await line.getByRole('button', { name: 'Roll back…' }).click();
  };
  await test.step('two sets are kept: of a roll-back and of a reinstall', async () => {
    await roll();
    await confirm(page, 'Roll back');
    await done(id, 'rollback');
    expect(await inside('cat /root/state')).toBe('one\n');
    await page.getByRole('button', { name: 'Reinstall…' }).click();
    await confirm(page, 'Reinstall');
    await done(id, 'reinstall');
    await expect.poll(kept, { timeout: 60_000 }).toEqual(['reinstall', 'rollback']);
  });

  await test.step('a third asks which may go, and it is that one which goes', async () => {
    await page.reload();
    await roll();
    const which = dialog(page).getByRole('group', { name: /^2 sets of replaced files are kept already/ });
    await expect(which.getByLabel(/before the roll-back/)).toBeChecked();
    await which.getByLabel(/before the reinstall/).check();
    await look('third-set');
    await confirm(page, 'Roll back');
    await done(id, 'rollback');
    await expect.poll(kept, { timeout: 60_000 }).toEqual(['rollback', 'rollback']);
  });

  await test.step('released by hand, with what that means', async () => {
    await page.reload();
    await expect(item(page, 'Files as they were before the roll-back')).toHaveCount(2);
    await look('kept-two');
    await item(page, 'Files as they were before the roll-back')
      .first()
      .getByRole('button', { name: 'Release…' })
      .click();
    await expect(dialog(page)).toContainText('After that it cannot be undone.');
    await look('release');
    await confirm(page, 'Release them');
    await expect(item(page, 'Files as they were before the roll-back')).toHaveCount(1, { timeout: longMs });
    await done(id, 'confirm');
    await expect.poll(kept, { timeout: 60_000 }).toEqual(['rollback']);
  });
  expect(faults).toEqual([]);
});

test('reinstalled with another system: users forgotten, old files at /old, and those removed', async ({ page }) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('other', 'Small');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  await inside('echo precious > /root/precious');
  await signIn(page, 'tenant', `/containers/${id}/fix`);

  await press(page, 'Reinstall…');
  await dialog(page)
    .getByLabel(/^Debian 12/)
    .check();
  await dialog(page)
    .getByLabel(/^Forget users, passwords and keys/)
    .check();
  await dialog(page).getByLabel('New root password').fill('short');
  await confirm(page, 'Reinstall');
  await expect(dialog(page).getByLabel('New root password')).toHaveAttribute('aria-invalid', 'true');
  await look('reinstall-refused');
  await dialog(page).getByLabel('New root password').fill('a long enough password');
  await confirm(page, 'Reinstall');
  await expect(dialog(page)).toHaveCount(0);
  await look('reinstalling');
  await done(id, 'reinstall');
  expect(await inside('. /etc/os-release; echo $ID; cat /old/root/precious; touch /old/x 2>/dev/null; echo $?')).toBe(
    'debian\nprecious\n1\n',
  );
  expect(await inside("grep -c '^root:\\$' /etc/shadow")).toBe('1\n');

  await page.goto(`/containers/${id}`);
  await expect(page.getByText('Debian 12 (bookworm)').first()).toBeVisible();
  await expect(page.getByText(/^Your old files are at/)).toContainText(/for another \d+ h/);
  await look('old-files');
  await press(page, 'Remove old files…');
  // It cannot be taken back, so it is asked for.
  await expect(dialog(page)).toContainText('After that it cannot be undone.');
  await look('old-files-release');
  await confirm(page, 'Release them');
  await expect(page.getByText(/^Your old files are at/)).toHaveCount(0, { timeout: longMs });
  await done(id, 'confirm');
  // What runs holds them, as the question said, until it stops.
  await page.getByRole('button', { name: 'Restart', exact: true }).first().click();
  await done(id, 'restart');
  expect(await inside('test -e /old/root/precious; echo $?')).toBe('1\n');
  expect((await tenant.get(`/containers/${id}`, Container)).retained).toEqual([]);
  expect(faults).toEqual([]);
});

test('repaired: to be read only, longer, from the console, and finished; then with files that can be changed', async ({
  page,
}) => {
  test.setTimeout(600_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('mended');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  await inside('echo own > /root/own');
  await signIn(page, 'tenant', `/containers/${id}/fix`);
  const until = async () => Date.parse((await tenant.get(`/containers/${id}`, Container)).repair?.until ?? '');

  await test.step('to be read only, for an hour, and longer', async () => {
    await press(page, 'Repair…');
    await dialog(page)
      .getByLabel(/^Can only be read/)
      .check();
    await expect(dialog(page).getByLabel(/^root, with your ssh keys/)).toBeDisabled();
    await dialog(page).getByLabel('For how long').selectOption('1');
    await confirm(page, 'Start rescue system');
    await expect(dialog(page).getByText('Password of the rescue system')).toBeVisible({ timeout: longMs });
    await confirm(page, 'I have it');
    await expect(headState(page, 'In repair')).toBeVisible({ timeout: longMs });
    await tenant.settled(id, 'repairing', longMs);
    await look('repairing');
    const before = await until();
    await press(page, '4 hours more');
    await expect(page.getByText('The repair lasts 5 hours from now.')).toBeVisible();
    await expect(page.getByText(/^In repair for another 4 h/)).toBeVisible();
    expect((await until()) - before).toBe(4 * 3_600_000);
  });

  await test.step('looks around in the console', async () => {
    await page
      .getByRole('navigation', { name: /^Pages of/ })
      .getByRole('link', { name: 'Console' })
      .click();
    await expect(page.getByText('Connected')).toBeVisible();
    await typeInTerminal(page, 'cat /repair/root/own; touch /repair/root/no || echo "read only"');
    await expect.poll(() => terminalText(page)).toMatch(/^own\s/m);
    await expect.poll(() => terminalText(page)).toMatch(/^read only/m);
    await look('repair-console');
  });

  await test.step('finishes', async () => {
    await press(page, 'Finish repair');
    await tenant.settled(id, 'running', longMs);
    await expect(page.getByText(/^In repair for another/)).toHaveCount(0);
    expect(await inside('cat /root/own; test -e /repair/root; echo $?')).toBe('own\n1\n');
  });

  await test.step('puts a file right from outside', async () => {
    await page.goto(`/containers/${id}/fix`);
    await press(page, 'Repair…');
    await confirm(page, 'Start rescue system');
    await confirm(page, 'I have it');
    await tenant.settled(id, 'repairing', longMs);
    await page.goto(folder(id, '/root'));
    await press(page, 'own');
    const editor = page.getByRole('textbox', { name: '/root/own' });
    await editor.press('Control+a');
    await editor.pressSequentially('mended');
    await press(page, 'Save');
    await expect(page.getByText('Saved /root/own')).toBeVisible();
    await page.keyboard.press('Escape');
    await press(page, 'Finish repair');
    await tenant.settled(id, 'running', longMs);
    expect(await inside('cat /root/own')).toBe('mended');
  });
  expect(faults).toEqual([]);
});

test('a clone is made and goes its own way; the name that is taken is refused', async ({ page }) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const first = await own('twin');
  await tenant.inside(first.id, 'echo shared > /root/file');
  await signIn(page, 'tenant', `/containers/${first.id}`);
  await press(page, `More actions for ${first.name}`);
  await page.getByRole('menuitem', { name: 'Clone…' }).click();
  await dialog(page).getByLabel('Name of the copy').fill(first.name);
  await confirm(page, 'Clone');
  await expect(dialog(page).getByLabel('Name of the copy')).toHaveAttribute('aria-invalid', 'true');
  await look('clone-refused');
  await dialog(page).getByLabel('Name of the copy').fill(`copy-${suffix}`);
  await confirm(page, 'Clone');
  await expect(page.getByText(`copy-${suffix} is being made.`, { exact: false })).toBeVisible();
  await page.goto('/containers');
  const line = page.getByRole('row').filter({ hasText: `copy-${suffix}` });
  await expect(line).toContainText('Running', { timeout: longMs });
  await look('cloned');
  const copy = await tenant.container(`copy-${suffix}`);
  made.push(copy.id);
  expect(copy.addresses).not.toEqual(first.addresses);
  expect((await tenant.inside(copy.id, 'cat /root/file; echo own > /root/file; hostname')).stdout).toBe(
    `shared\ncopy-${suffix}\n`,
  );
  expect((await tenant.inside(first.id, 'cat /root/file')).stdout).toBe('shared\n');

  // The hard way, for what does not stop.
  await line.getByRole('link', { name: copy.name }).click();
  await press(page, `More actions for ${copy.name}`);
  await page.getByRole('menuitem', { name: 'Kill…' }).click();
  await confirm(page, 'Kill now');
  await expect(headState(page, 'Stopped')).toBeVisible({ timeout: longMs });
  await look('killed');
  expect(faults).toEqual([]);
});

test('files: new, copied, with rights and owners, sorted, found, archived, and a taken name', async ({ page }) => {
  test.setTimeout(400_000);
  const faults: string[] = [];
  const look = async (name: string) => void faults.push(...(await lookedAt(page, `screens-${name}`)));
  const { id } = await own('filing');
  const inside = async (script: string) => (await tenant.inside(id, script)).stdout;
  const long = `${'a-name-without-an-end-'.repeat(11)}.txt`;
  await inside(
    `mkdir -p /root/site/img; cd /root/site; echo x > img/x; chmod 600 img/x; touch '${long}'; ln -s nowhere lost`,
  );
  await signIn(page, 'tenant', folder(id, '/root/site'));
  const act = async (name: string, what: string) => {
    await press(page, `Actions for ${name}`);
    await page.getByRole('menuitem', { name: what }).click();
  };

  await test.step('a new file, written at once', async () => {
    await press(page, 'New file');
    await expect(dialog(page).getByLabel('Name', { exact: true })).toBeFocused();
    await page.keyboard.type('index.php');
    await page.keyboard.press('Enter');
    const editor = page.getByRole('textbox', { name: '/root/site/index.php' });
    await editor.pressSequentially('<?php');
    // What is not saved is not lost by a slip of a finger.
    await page.keyboard.press('Escape');
    await expect(dialog(page).getByRole('alert').last()).toContainText('not saved');
    await look('editor');
    await editor.press('Control+s');
    await expect(page.getByText('Saved /root/site/index.php')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toHaveCount(0);
    expect(await inside('cat /root/site/index.php')).toBe('<?php');
  });

  await test.step('copied; a path that is taken is refused', async () => {
    await act('index.php', 'Copy…');
    await dialog(page).getByLabel('Path of the copy').fill('/root/site/lost');
    await confirm(page, 'Copy');
    await expect(dialog(page).getByRole('alert')).not.toBeEmpty();
    await look('copy-refused');
    // Only the name is selected when one comes back to it.
    await dialog(page).getByLabel('Path of the copy').focus();
    await page.keyboard.type('second.php');
    await confirm(page, 'Copy');
    await expect(page.getByRole('button', { name: 'second.php', exact: true })).toBeVisible();
    expect(await inside('cat /root/site/second.php')).toBe('<?php');
  });

  await test.step('rights and owners, of all in a folder', async () => {
    await act('img', 'Permissions and owner…');
    await dialog(page).getByLabel('Permissions').fill('888');
    await expect(dialog(page).getByRole('button', { name: 'Change', exact: true })).toHaveAccessibleDescription(
      'Permissions are three or four digits from 0 to 7.',
    );
    await dialog(page).getByLabel('Permissions').fill('750');
    await dialog(page).getByLabel('User', { exact: true }).fill('somebody');
    await confirm(page, 'Change');
    await expect(dialog(page).getByRole('alert')).toContainText('somebody');
    await look('attributes-refused');
    await dialog(page).getByLabel('User', { exact: true }).fill('daemon');
    await dialog(page).getByLabel('Group', { exact: true }).fill('users');
    await dialog(page)
      .getByLabel(/^Everything in it too/)
      .check();
    await confirm(page, 'Change');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByRole('row').filter({ hasText: 'img' })).toContainText('daemon:users');
    expect(await inside('cd /root/site; stat -c "%a %U %G" img img/x')).toBe('750 daemon users\n640 daemon users\n');
  });

  await test.step('sorted by size, and found by a part of the name', async () => {
    const size = page.getByRole('columnheader', { name: 'Size' });
    await size.getByRole('button').click();
    await expect(size).toHaveAttribute('aria-sort', 'ascending');
    await size.getByRole('button').click();
    await expect(size).toHaveAttribute('aria-sort', 'descending');
    await look('files-long');
    await page.getByLabel('Names that contain').fill('second');
    await expect(page.getByRole('button', { name: 'index.php', exact: true })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'second.php', exact: true })).toBeVisible();
    await page.getByLabel('Names that contain').fill('not there');
    await expect(page.getByRole('button', { name: 'second.php', exact: true })).toHaveCount(0);
    await look('files-none-found');
    await page.getByLabel('Names that contain').fill('');
  });

  await test.step('uploaded over one that is there, after being asked', async () => {
    const file = { name: 'index.php', mimeType: 'text/plain', buffer: Buffer.from('uploaded') };
    await page.getByLabel('Files to upload').setInputFiles([file]);
    const upload = page.getByRole('list', { name: 'Uploads' });
    await expect(upload.getByRole('alert')).not.toBeEmpty();
    expect(await inside('cat /root/site/index.php')).toBe('<?php');
    await look('upload-taken');
    await press(page, 'Replace what is there');
    await expect(upload).toHaveCount(0);
    expect(await inside('cat /root/site/index.php')).toBe('uploaded');
  });

  await test.step('a folder as an archive', async () => {
    const arriving = page.waitForEvent('download');
    await act('img', 'Download as archive');
    expect(
      execFileSync('tar', ['tf', await (await arriving).path()], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ).toMatch(/img\/x$/m);
  });

  await test.step('deleted and put back with the keyboard alone', async () => {
    const actions = page.getByRole('button', { name: 'Actions for img', exact: true });
    await actions.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(dialog(page)).toContainText('Delete /root/site/img?');
    await page.keyboard.press('Escape');
    await expect(actions).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await dialog(page).getByRole('button', { name: 'Move to trash' }).focus();
    await page.keyboard.press('Enter');
    await expect(actions).toHaveCount(0);
    await page.getByRole('button', { name: 'Trash', exact: true }).focus();
    await page.keyboard.press('Enter');
    await look('trash');
    await dialog(page).getByRole('button', { name: 'Put back /root/site/img' }).focus();
    await page.keyboard.press('Enter');
    await expect(dialog(page)).toContainText('Nothing has been deleted here.');
    await page.keyboard.press('Escape');
    await expect(actions).toBeVisible();
    expect(await inside('stat -c "%a %U" /root/site/img/x')).toBe('640 daemon\n');
  });
  expect(faults).toEqual([]);
});
