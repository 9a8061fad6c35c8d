import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { BackupTable } from '#app/_ui/backup-table.tsx';
import { ContainerHead } from '#app/_ui/container-head.tsx';
import { ContainerNotices } from '#app/_ui/container-notices.tsx';
import { ContainerTable } from '#app/_ui/container-table.tsx';
import { Exits } from '#app/_ui/exits.tsx';
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
        <NetworkPanel container={one} />
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
  describe('of a container that ended by itself', () => {
    const oom = { cause: 'oom', status: 137, at: ago(60_000), ranSince: ago(3_665_000) } as const;
    const notices = (over: Parameters<typeof container>[1]) =>
      page(<ContainerNotices container={container(1, { state: 'stopped', lastExit: oom, exits: [oom], ...over })} />);
    const restarts = { counted: 3, limit: 10, windowMs: 1_800_000, nextAt: ago(-50_500), gaveUp: false };

    it('say why, when it is tried again, and what to do', () => {
      const html = notices({ restarts });
      expect(html).toContain('Stopped: the kernel ended its first process because memory ran out');
      expect(html).toContain('starts it again by itself (try 3 of 10)');
      expect(html).toMatch(/Next start in <time[^>]*>\d+ s/);
      expect(html).toContain('ask for a plan with more');
    });
    it('say when its server has given up, or its policy leaves it down', () => {
      const gaveUp = notices({ restarts: { ...restarts, counted: 11, nextAt: null, gaveUp: true } });
      expect(gaveUp).toContain('It ended 11 times within 30 min, so its server no longer starts it by itself');
      expect(notices({ restartPolicy: 'never' })).toContain('It stays down, as its restart policy says');
    });
    it('list its latest ends', () => {
      const crash = { cause: 'crash', status: 139, at: ago(120_000), ranSince: null } as const;
      const html = page(<Exits container={container(1, { exits: [oom, crash] })} />);
      expect(html).toMatch(/The kernel ended its first process because memory ran out.*after running for 1 h/s);
      expect(html).toContain('Its first process ended by itself (signal 11, memory fault)');
      expect(page(<Exits container={container(1)} />)).not.toContain('How it ended');
    });
    it('let staff choose the policy without showing them the ways in', () => {
      const { access: _, ...can } = container(1).can;
      const html = page(<SettingsPanel container={container(1, { can })} />);
      expect(html).toContain('Start it again after a failure (now)');
      expect(html).not.toContain('Root password');
    });
  });
  it('show the operation that runs, with its steps and its way out', () => {
    const html = page(<ActiveOperation container={container(1, { operation: operation('backup', 'running') })} />);
    for (const part of ['Backing up', '45 %', 'Snapshot', 'Upload', 'by you', 'Cancel']) expect(html).toContain(part);
  });
  it('offer no restore of a backup that is not complete, nor to who may not', () => {
    const table = (mayRestore: boolean) => (
      <BackupTable
        backups={[backup(1, { state: 'failed' }), backup(2)]}
        mayRestore={mayRestore}
        mayEdit={false}
        mayDelete={false}
        mayLook={false}
      />
    );
    expect(page(table(true)).match(/Restore…/g)).toHaveLength(1);
    expect(page(table(false))).not.toContain('Restore…');
  });
});
