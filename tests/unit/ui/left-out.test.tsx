import { renderToString } from 'react-dom/server';
import { beforeAll, expect, it, vi } from 'vitest';
import { LiveProvider } from '#app/_ui/live.tsx';
import { MeProvider } from '#app/_ui/me.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import { Timeline } from '#app/_ui/timeline.tsx';
import type { Operation } from '#lib/contract/operations.ts';
import type { ImportReport } from '#lib/contract/transfers.ts';
import { spokenOnServer } from '#lib/language/spoken.ts';
import { ago } from '#tests/support/fixtures.ts';

vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));
beforeAll(() => spokenOnServer.set(() => 'en'));

const report: ImportReport = {
  ...{ compression: 'zstd', init: 'busybox', files: 5, folders: 2, links: 0, hardLinks: 0, pipes: 0, bytes: 10 },
  ...{ devices: 2, attributes: 1, replaced: 1, examples: ['dev/sda', 'bin/<x>: "security.selinux"'], manifest: null },
};
const me = { id: 'u', name: 'Olga', email: 'o@example.test', role: null, tenantId: 't', tenantName: 'A', areas: [] };
const none = { cancel: false, retry: false, undo: false, confirm: false, resolve: false };
const drawn = (over: Partial<Operation>): string => {
  const operation: Operation = {
    ...{ id: 'o', kind: 'import', containerId: 'c', containerName: 'web', tenantId: 't', hostId: 'h' },
    ...{ state: 'succeeded', lock: 'exclusive', attempt: 1, steps: [], percent: 100, cancelRequested: false },
    ...{ actor: { kind: 'user', id: 'u', name: 'Olga' }, can: none, error: null, evidence: [], result: { report } },
    ...{ queuedAt: ago(60_000), startedAt: ago(50_000), endedAt: ago(40_000) },
    ...over,
  };
  const html = renderToString(
    <NowProvider at={Date.now()}>
      <LiveProvider myId="u">
        <MeProvider me={me}>
          <Timeline operations={[operation]} />
        </MeProvider>
      </LiveProvider>
    </NowProvider>,
  );
  return html.replaceAll('<!-- -->', '');
};

it('an import says what was left out or changed, with the names behind it', () => {
  const html = drawn({});
  expect(html).toContain('2 device nodes were left out');
  expect(html).toContain('1 extended attribute was left out');
  expect(html).toContain('1 name came more than once: the last one counts');
  expect(html).toMatch(/<summary[^>]*>Which<\/summary>.*dev\/sda.*bin\/&lt;x&gt;/);
});

it('an import of an exported file says what that lacks, and an export the same', () => {
  const manifest = {
    ...{ format: 1 as const, name: 'web', hostname: 'web', template: { name: 'tiny', version: '1' }, entries: 7 },
    ...{ init: 'busybox' as const, exportedAt: ago(60_000), bytes: 10, sockets: 3, devices: 0 },
    resources: {
      cpuCores: 1,
      cpuShares: 100,
      memoryBytes: 2 ** 28,
      swapBytes: 0,
      pids: 100,
      diskBytes: 2 ** 30,
      inodes: 2048,
    },
  };
  const whole = { ...report, devices: 0, attributes: 0, replaced: 0, examples: [], manifest };
  expect(drawn({ result: { report: whole } })).toContain('3 sockets are not in the exported file');
  const packed = { bytes: 5, entries: 7, contentBytes: 10, sockets: 1, devices: 1 };
  const html = drawn({ kind: 'export', result: packed });
  expect(html).toContain('1 socket is not in the exported file · 1 device node is not in the exported file');
});

it('nothing is said where nothing was left out, or the report is not understood', () => {
  for (const result of [{ report: { ...report, devices: 0, attributes: 0, replaced: 0, examples: [] } }, { report: 7 }])
    expect(drawn({ result })).not.toMatch(/left out|Which/);
});
