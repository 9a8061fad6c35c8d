/** Files of a container in the browser, with the real agent: what the owner of a site does on a bad evening. */
import { readFileSync } from 'node:fs';
import { expect, rest, signIn, test } from './world.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC',
  'base64',
);

test('uploads, edits, moves, deletes, puts back and downloads', async ({ page }) => {
  const { id } = await rest('tenant').container('web-1');
  const inside = (script: string) => rest('tenant').inside(id, script);
  await rest('tenant').settled(id, 'running');
  await inside('rm -rf /root/site /.berth-trash');
  await signIn(page, 'tenant', `/containers/${id}/files`);
  const open = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const menu = async (name: string, item: string) => {
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await open('root, folder');
  await expect(page.getByText('Looking into')).toBeHidden();

  await page.getByRole('button', { name: 'New folder' }).click();
  await page.getByLabel('Name', { exact: true }).fill('site');
  await page.getByRole('button', { name: 'Create folder' }).click();
  await open('site, folder');
  await expect(page.getByText('An empty folder')).toBeVisible();
  expect(page.url()).toContain(encodeURIComponent(Buffer.from('/root/site').toString('base64')));

  const big = Buffer.alloc(20 * 1024 * 1024, 'x');
  await page.getByLabel('Files to upload').setInputFiles([
    { name: 'index.html', mimeType: 'text/html', buffer: Buffer.from('<h1>hello</h1>\n') },
    { name: 'dot.png', mimeType: 'image/png', buffer: png },
    { name: 'big.bin', mimeType: 'application/octet-stream', buffer: big },
  ]);
  await expect(page.getByRole('button', { name: 'index.html', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'big.bin', exact: true })).toBeVisible({ timeout: 60_000 });
  expect((await inside('stat -c %s /root/site/big.bin; md5sum < /root/site/big.bin')).stdout).toContain(
    `${big.length}\n`,
  );

  await open('dot.png');
  const picture = page.getByRole('img', { name: '/root/site/dot.png' });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(10);
  await page.keyboard.press('Escape');

  await open('index.html');
  const editor = page.getByRole('textbox', { name: '/root/site/index.html' });
  await expect(editor).toContainText('<h1>hello</h1>');
  await editor.press('Control+a');
  await editor.pressSequentially('<h1>edited</h1>');
  await page.screenshot({ path: 'test-results/pages/tenant-files-editor.png' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved /root/site/index.html')).toBeVisible();
  expect((await inside('cat /root/site/index.html')).stdout).toBe('<h1>edited</h1>');
  await inside('echo theirs > /root/site/index.html');
  await editor.press('End');
  await editor.pressSequentially('!');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('changed by somebody else')).toBeVisible();
  await page.getByRole('button', { name: 'Close without saving' }).click();

  await menu('index.html', 'Move or rename…');
  // The name alone is selected, so that typing changes that and nothing before it.
  await expect(page.getByLabel('New path')).toBeFocused();
  await page.keyboard.type('home.html');
  await expect(page.getByLabel('New path')).toHaveValue('/root/site/home.html');
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(page.getByRole('button', { name: 'home.html', exact: true })).toBeVisible();

  const arriving = page.waitForEvent('download');
  await menu('home.html', 'Download');
  const download = await arriving;
  expect(download.suggestedFilename()).toBe('home.html');
  expect(readFileSync(await download.path(), 'utf8')).toBe('theirs\n');

  await page.getByLabel('Choose home.html').check();
  await page.getByLabel('Choose dot.png').check();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByRole('button', { name: 'home.html', exact: true })).toBeHidden();
  await page.getByRole('button', { name: 'Trash', exact: true }).click();
  await page.getByRole('button', { name: 'Put back /root/site/home.html' }).click();
  await expect(page.getByRole('button', { name: 'Put back /root/site/home.html' })).toBeHidden();
  await page.screenshot({ path: 'test-results/pages/tenant-files-trash.png' });
  await page.getByRole('button', { name: 'Empty trash…' }).click();
  await page.getByRole('button', { name: 'Yes, empty it' }).click();
  await expect(page.getByText('Nothing has been deleted here.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'home.html', exact: true })).toBeVisible();
  await page.screenshot({ path: 'test-results/pages/tenant-files-folder.png' });
  await page.goBack();
  await expect(page.getByRole('button', { name: 'site, folder' })).toBeVisible();
});
