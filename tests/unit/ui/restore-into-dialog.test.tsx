import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { v7 as uuidv7 } from 'uuid';
import { expect, it, vi } from 'vitest';
import { RestoreIntoDialog } from '#app/_ui/dialog-consent.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import type { Backup } from '#lib/contract/backups.ts';
import { ago } from '#tests/support/fixtures.ts';
import { again } from '#tests/support/remember.ts';

vi.mock('react', async (react) => (await import('#tests/support/remember.ts')).remembering(await react<object>()));
vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));
const shown: { type?: (text: string) => void; pick: Map<string, () => void>; send?: () => void } = { pick: new Map() };
vi.mock('#app/_ui/backup-name.tsx', () => ({ BackupName: () => null }));
vi.mock('#app/_ui/form-dialog.tsx', () => ({
  FormDialog: ({ children, onSubmit }: { children: ReactNode; onSubmit: () => void }) => {
    shown.send = onSubmit;
    return children;
  },
}));
vi.mock('#app/_ui/form.tsx', () => ({
  SelectField: () => null,
  TextField: ({ onChange }: { onChange: (event: object) => void }) => {
    shown.type = (value) => onChange({ target: { value } });
    return null;
  },
  Choice: ({ hint, label, checked, onChange }: { [name: string]: ReactNode } & { onChange: () => void }) => {
    shown.pick.set(String(label), onChange);
    return (
      <p>
        {checked ? 'x ' : 'o '}
        {label} {hint}
      </p>
    );
  },
}));
const containerId = uuidv7();
const kept = (['restore', 'reinstall'] as const).map((reason) => ({
  ...{ id: `kept-${reason}`, reason, operationId: 'o', shown: false, bytes: 1024 },
  ...{ createdAt: ago(60_000), expiresAt: ago(-3_600_000) },
}));
vi.mock('#app/_ui/use-answer.ts', () => ({
  useAnswer: (_name: string, input: { params: { id: string } } | null) => ({
    found: input?.params.id === containerId ? { retained: kept } : null,
  }),
}));
const sent: object[] = [];
vi.mock('#app/_ui/use-call.ts', () => ({
  useCall: () => ({
    run: async ({ body }: { body: object }) => {
      sent.push(body);
      return { ok: false };
    },
  }),
}));

const drawn = () => {
  again();
  const backup = { id: 'b' } as Backup;
  return renderToString(
    <NowProvider at={Date.now()}>
      <RestoreIntoDialog backup={backup} onClose={() => {}} />
    </NowProvider>,
  ).replace(/<[^>]*>/g, '');
};

it('restoring into another container asks which of its kept files may go, once it is known which container that is', () => {
  expect(drawn()).not.toContain('Which may go?');
  shown.type?.(containerId.slice(0, 20));
  expect(drawn()).not.toContain('Which may go?');
  shown.type?.(` ${containerId} `);
  const text = drawn();
  expect(text).toContain('2 sets of replaced files are kept already. Which may go?');
  // The oldest, unless another is picked.
  shown.send?.();
  [...shown.pick.values()][0]?.();
  drawn();
  shown.send?.();
  expect(sent).toEqual([
    { containerId, release: 'kept-reinstall' },
    { containerId, release: 'kept-restore' },
  ]);
});
