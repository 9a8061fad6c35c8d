import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { BackupTable } from '#app/_ui/backup-table.tsx';
import { ContainerHead } from '#app/_ui/container-head.tsx';
import { ContainerNotices } from '#app/_ui/container-notices.tsx';
import { ContainerTable } from '#app/_ui/container-table.tsx';
import { NetworkPanel } from '#app/_ui/network-panel.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import { ActiveOperation } from '#app/_ui/operation-card.tsx';
import { Overview } from '#app/_ui/overview.tsx';
import { SettingsPanel } from '#app/_ui/settings-panel.tsx';
import { Shell } from '#app/_ui/shell.tsx';
import { ContainerState } from '#lib/contract/states.ts';
import { ago, backup, container, me, operation } from '#tests/support/fixtures.ts';

vi.mock('next/navigation', () => ({
  useRouter: () => ({ push: () => {}, replace: () => {}, refresh: () => {} }),
  usePathname: () => '/containers',
}));

/** As the server does it: no document, no window. */
function page(content: React.ReactNode): string {
  const html = renderToString(
    <NowProvider at={Date.now()}>
      <Shell me={{ ...me('tenant-owner'), areas: [] }} theme="system">
        {content}
      </Shell>
    </NowProvider>,
  );
  return html.replaceAll('<!-- -->', '');
}

describe('pages drawn by the server', () => {
  it.each(ContainerState.options)('show a container that is %s', (state) => {
    const one = container(1, { state, lastKnown: { state: 'running', at: ago(360_000) } });
    const html = page(
      <>
        <ContainerHead container={one} staff={false} />
        <ContainerNotices container={one} />
        <ContainerTable containers={[one]} />
        <Overview container={one} operations={[operation('backup', 'succeeded')]} />
        <NetworkPanel container={one} hostAddress={null} />
        <SettingsPanel container={one} />
      </>,
    );
    expect(html).toContain('web-1');
  });
  it('say what was last known of a container whose host is silent, and how old that is', () => {
    const html = page(
      <ContainerTable
        containers={[container(1, { state: 'unknown', lastKnown: { state: 'running', at: ago(360_000) } })]}
      />,
    );
    expect(html).toMatch(/was running <time[^>]*>6 min ago/);
  });
  it('show the operation that runs, with its steps and its way out', () => {
    const html = page(<ActiveOperation container={container(1, { operation: operation('backup', 'running') })} />);
    for (const part of ['Backing up', '45 %', 'Snapshot', 'Upload', 'by you', 'Cancel']) expect(html).toContain(part);
  });
  it('offer no restore of a backup that is not complete, nor to who may not', () => {
    const table = (mayRestore: boolean) => (
      <BackupTable backups={[backup(1, { state: 'failed' }), backup(2)]} mayRestore={mayRestore} mayDelete={false} />
    );
    expect(page(table(true)).match(/Restore…/g)).toHaveLength(1);
    expect(page(table(false))).not.toContain('Restore…');
  });
});
