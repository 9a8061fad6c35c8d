import { renderToString } from 'react-dom/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { BackupTable } from '#app/_ui/backup-table.tsx';
import { ConsentList } from '#app/_ui/dialog-consent.tsx';
import { LiveProvider } from '#app/_ui/live.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import type { Backup, RestoreConsent } from '#lib/contract/backups.ts';
import { spokenOnServer } from '#lib/language/spoken.ts';
import { ago, backup } from '#tests/support/fixtures.ts';

vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));
beforeAll(() => spokenOnServer.set(() => 'en'));

const drawn = (children: React.ReactNode) =>
  renderToString(
    <NowProvider at={Date.now()}>
      <LiveProvider myId="u">{children}</LiveProvider>
    </NowProvider>,
  ).replaceAll('<!-- -->', '');

describe('a backup in the list of all', () => {
  const all = { mayRestore: true, mayEdit: true, mayDelete: true, mayTest: true, mayLook: true, mayUndelete: true };
  const row = (over: Partial<Backup>) => drawn(<BackupTable {...all} withContainer backups={[backup(1, over)]} />);

  it('of a container that is there can be looked into and restored', () => {
    const html = row({});
    expect(html).toMatch(/Files.*Restore…/s);
    expect(html).toContain('href="/containers/');
    expect(html).not.toContain('Bring the container back');
  });

  it('of a deleted one brings that back, and leads nowhere else', () => {
    const html = row({ containerDeleted: { until: ago(-86_400_000) } });
    expect(html).toContain('Bring the container back…');
    expect(html).toContain('can be brought back for');
    expect(html).toContain('Files');
    expect(html).not.toMatch(/Restore…/);
  });

  it('of one that is deleted for good says so', () => {
    const html = row({ containerDeleted: { until: null } });
    expect(html).toContain('deleted for good');
    expect(html).toContain('Files');
    expect(html).not.toMatch(/Restore…|Bring the container back/);
  });
});

it('consents that are still good can be taken back where one is given, and no others', () => {
  const consent = (id: string, state: RestoreConsent['state']): RestoreConsent => ({
    ...{ id, backupId: 'b', containerId: `c-${id}`, grantedByName: 'Olga', state, usedAt: null },
    ...{ createdAt: ago(60_000), expiresAt: ago(-3_600_000) },
  });
  const consents = [consent('good', 'given'), consent('spent', 'used'), consent('old', 'expired')];
  const html = drawn(<ConsentList consents={consents} pending={false} onTakeBack={() => {}} />);
  expect(html).toContain('for the container c-good');
  expect(html.match(/Take it back/g)).toHaveLength(1);
  expect(html).not.toMatch(/c-spent|c-old/);
});
