import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createCa } from '#lib/pki/ca.ts';
import type { PanelRecord } from '#server/panel/record.ts';
import type { SetupContext } from '#server/setup/context.ts';
import { panelBackups } from '#server/setup/doctor/panel.ts';

const hourMs = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * hourMs).toISOString();
const made = { at: ago(1), file: '/b/panel.tar.age', bytes: 1 };
const verified = { at: ago(1), file: made.file };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-record-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

/** What doctor says of an installation made so many hours ago. */
async function look(ageHours: number, record?: Partial<PanelRecord>) {
  vi.useRealTimers();
  const paths = { caFile: join(directory, 'ca.crt'), panelRecord: join(directory, 'panel-backups.json') };
  writeFileSync(paths.caFile, (await createCa('test')).certificate);
  const all = { backup: null, verified: null, failed: null, ...record };
  if (record !== undefined) writeFileSync(paths.panelRecord, JSON.stringify(all));
  vi.useFakeTimers({ now: Date.now() + ageHours * hourMs, toFake: ['Date'] });
  return await panelBackups({ paths } as unknown as SetupContext);
}

it('a fresh installation is told what is still to come, and nothing is wrong', async () => {
  expect(await look(0)).toMatchObject({ ok: true, found: expect.stringContaining('berth panel verify') });
  expect(await look(20, { backup: made })).toMatchObject({ ok: true, found: expect.stringContaining('Newest of') });
});

it('after the first night a backup that was not made, or never opened, is a fault', async () => {
  expect(await look(30)).toMatchObject({ ok: false, found: 'none was made yet' });
  expect(await look(30, { backup: made })).toMatchObject({ ok: false, found: 'none was ever verified' });
  expect(await look(30, { backup: made, verified })).toMatchObject({ ok: true });
  expect(await look(60, { backup: made, verified })).toMatchObject({ ok: false });
});

it('one that could not be made is a fault from the first moment on', async () => {
  const failed = { at: ago(0), why: 'the disk is full' };
  expect(await look(0, { failed })).toMatchObject({ ok: false, found: expect.stringContaining('the disk is full') });
});
