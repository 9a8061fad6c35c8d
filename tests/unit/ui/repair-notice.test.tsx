import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { NowProvider } from '#app/_ui/now.tsx';
import { RepairNotice } from '#app/_ui/repair-notice.tsx';
import { ago, container } from '#tests/support/fixtures.ts';

const buttons = new Map<string, () => void>();
const sent: unknown[] = [];
vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));
vi.mock('#app/_ui/button.tsx', () => ({
  Button: ({ children, onClick }: { children: ReactNode; onClick: () => void }) => {
    buttons.set(String(children), onClick);
    return children;
  },
}));
vi.mock('#app/_ui/container-state.tsx', () => ({ useShownState: () => ({ state: 'repairing' }) }));
vi.mock('#app/_ui/use-call.ts', () => ({
  useCall: (name: string) => ({
    run: async (input: object) => {
      sent.push({ name, ...input });
      return { ok: false };
    },
  }),
}));

it('“4 hours more” asks for four hours on top of what is left', () => {
  const shown = container(1, {
    state: 'repairing',
    can: { 'repair-finish': { allowed: true, reason: null } },
    repair: { since: ago(3_600_000), until: ago(-11 * 3_600_000), readOnly: false },
  });
  renderToString(
    <NowProvider at={Date.now()}>
      <RepairNotice container={shown} />
    </NowProvider>,
  );
  buttons.get('4 hours more')?.();
  expect(sent).toEqual([
    { name: 'containers.repairExtend', params: { id: shown.id }, body: { hours: 4, onTop: true } },
  ]);
});
