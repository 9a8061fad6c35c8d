import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { NowProvider } from '#app/_ui/now.tsx';
import { RepairNotice } from '#app/_ui/repair-notice.tsx';
import type { Container } from '#lib/contract/containers.ts';
import { ago } from '#tests/support/fixtures.ts';

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
  const container = {
    ...{ id: 'c', state: 'repairing', can: { 'repair-finish': { allowed: true } } },
    repair: { since: ago(3_600_000), until: ago(-11 * 3_600_000), readOnly: false },
  } as unknown as Container;
  renderToString(
    <NowProvider at={Date.now()}>
      <RepairNotice container={container} />
    </NowProvider>,
  );
  buttons.get('4 hours more')?.();
  expect(sent).toEqual([{ name: 'containers.repairExtend', params: { id: 'c' }, body: { hours: 4, onTop: true } }]);
});
