import { describe, expect, it } from 'vitest';
import { type Area, areaOf, areasFor } from '#app/_ui/areas.ts';
import { containerMenu } from '#app/_ui/container-menu.ts';
import { tabsOf } from '#app/_ui/container-tabs.ts';
import { deviceName } from '#app/_ui/device.ts';
import { keyLines, keyName, keyProblem } from '#app/_ui/keys.ts';
import { safeNext } from '#app/_ui/safe-next.ts';
import { resultWords } from '#app/_ui/timeline.tsx';
import { operationTitle, shownState } from '#app/_ui/words.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { Role } from '#lib/contract/roles.ts';
import { personWith } from '#tests/support/actor.ts';
import { container, operation } from '#tests/support/fixtures.ts';

const handlers = { run: () => {}, ask: () => {}, go: () => {} };
const labels = (items: ReturnType<typeof containerMenu>) =>
  items.flatMap((item) => (item === 'line' ? [] : [item.label]));

describe('the state shown', () => {
  it('follows an operation the page does not know of yet', () => {
    expect(shownState({ state: 'stopped' }, operation('start', 'queued'))).toBe('starting');
    expect(shownState({ state: 'running' }, operation('reinstall', 'running'))).toBe('reinstalling');
  });
  it('stays what it was during a backup, when the operation has ended, and when it is stuck', () => {
    expect(shownState({ state: 'running' }, operation('backup', 'running'))).toBe('running');
    expect(shownState({ state: 'running' }, operation('stop', 'succeeded'))).toBe('running');
    expect(shownState({ state: 'unknown' }, operation('stop', 'stuck'))).toBe('unknown');
  });
  it('has words for an operation that is asked to stop', () => {
    expect(operationTitle({ ...operation('backup', 'running'), cancelRequested: true })).toBe(
      'Backing up, about to be cancelled',
    );
  });
});

describe('the menu of a container', () => {
  it('leaves out what the person has no right to', () => {
    const one = container(1);
    const { delete: _, configure: __, ...can } = one.can;
    expect(labels(containerMenu({ ...one, can }, handlers))).not.toContain('Delete…');
    expect(labels(containerMenu(one, handlers))).toContain('Delete…');
  });
  it('keeps what the state forbids, with the reason', () => {
    const items = containerMenu(container(1, { state: 'unknown' }), handlers);
    const start = items.find((item) => item !== 'line' && item.label === 'Start');
    expect(start).toMatchObject({ reason: expect.stringContaining('its server does not answer') });
  });
  it('ends with what destroys most, and the question why not', () => {
    expect(labels(containerMenu(container(1), handlers)).slice(-3)).toEqual(['Kill…', 'Delete…', 'Why can’t I…?']);
  });
  it('shows the tabs of staff without the ones that look inside', () => {
    const one = container(1);
    const {
      console: _,
      access: __,
      restore: ___,
      reinstall: ____,
      'restart-policy': _____,
      files: ______,
      ...can
    } = one.can;
    expect(tabsOf({ id: one.id, can }).map((tab) => tab.name)).toEqual(['Overview', 'Backups', 'Activity', 'Network']);
  });
});

describe('the areas of the panel', () => {
  const of = (role: Role) =>
    areasFor(!role.startsWith('tenant'), (permission) =>
      hasPermission(
        personWith(role, role.startsWith('tenant') || role.startsWith('reseller') ? 't' : null),
        permission,
      ),
    );
  it.each(Role.options)('end with the account for %s', (role) => {
    expect(of(role).at(-1)?.href).toBe('/account');
  });
  it('show a tenant nothing of the administration', () => {
    expect(of('tenant-owner').map((area: Area) => area.href)).toEqual([
      '/containers',
      '/backups',
      '/activity',
      '/help',
      '/audit',
      '/team',
      '/offers',
      '/account',
    ]);
  });
  it('show support no plans to edit', () => {
    expect(of('support').map((area: Area) => area.href)).not.toContain('/admin/plans');
  });
  it('mark the entry a page belongs to', () => {
    expect(areaOf(of('provider-admin'), '/admin/hosts')?.name).toBe('Hosts');
    expect(areaOf(of('provider-admin'), '/containers/x/backups')?.href).toBe('/admin/containers');
    expect(areaOf(of('tenant-owner'), '/containers/x/backups')?.href).toBe('/containers');
  });
});

describe('the way back after the sign-in', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a\\b',
    '/\t/evil.example',
    '/sign-in',
    '/api/v1/me',
    '',
    null,
  ])('does not lead to %j', (next) => {
    expect(safeNext(next)).toBe('/');
  });
  it('leads to a page of the panel', () => {
    expect(safeNext('/containers/1?q=a%20b')).toBe('/containers/1?q=a%20b');
  });
});

describe('keys, devices, commands', () => {
  it('takes the lines of an authorized_keys text', () => {
    expect(keyLines('# mine\n\n ssh-ed25519 AAAA laptop \n')).toEqual(['ssh-ed25519 AAAA laptop']);
  });
  it('warns of a private key, and of what is none', () => {
    expect(keyProblem('-----BEGIN OPENSSH PRIVATE KEY-----')).toMatch(/private key/);
    expect(keyProblem('hello')).toMatch(/not a public key/);
    expect(keyProblem('ssh-ed25519 AAAAC3Nz laptop')).toBeNull();
    expect(keyName('ssh-ed25519 AAAAC3Nz my laptop')).toEqual({
      type: 'ssh-ed25519',
      comment: 'my laptop',
      tail: 'AAAAC3Nz',
    });
  });
  it('names a device by what its owner calls it', () => {
    expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe(
      'Firefox on Linux',
    );
    expect(deviceName('')).toBe('Unknown program');
  });
});

describe('the facts of an operation', () => {
  it('say when host name and keys could not be brought along into files that came back', () => {
    expect(resultWords({ accessKept: false })).toEqual([expect.stringMatching(/ssh keys could not all be written/)]);
    expect(resultWords({})).toEqual([]);
  });
});
