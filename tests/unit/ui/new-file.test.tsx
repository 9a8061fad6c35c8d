import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, it, vi } from 'vitest';
import { FileBrowser } from '#app/_ui/files/browser.tsx';
import type { FileEntry } from '#lib/contract/files.ts';
import { ago } from '#tests/support/fixtures.ts';
import { again } from '#tests/support/remember.ts';

vi.mock('react', async (react) => (await import('#tests/support/remember.ts')).remembering(await react<object>()));
const pressed = new Map<string, () => void>();
const form: { type?: (text: string) => void; send?: () => void } = {};
const textOf = (children: ReactNode): string =>
  (Array.isArray(children) ? children : [children])
    .filter((child) => typeof child === 'string')
    .join('')
    .trim();
vi.mock('#app/_ui/button.tsx', () => ({
  Button: ({ children, onClick }: { children: ReactNode; onClick: () => void }) => {
    pressed.set(textOf(children), onClick);
    return children;
  },
  LinkButton: () => null,
}));
vi.mock('#app/_ui/form-dialog.tsx', () => ({
  FormDialog: ({
    children,
    problem,
    onSubmit,
  }: {
    children: ReactNode;
    problem: { detail: string } | null;
    onSubmit: () => void;
  }) => {
    form.send = onSubmit;
    return [children, problem?.detail];
  },
}));
vi.mock('#app/_ui/form.tsx', async (original) => ({
  ...(await original<object>()),
  TextField: ({ onChange }: { onChange: (event: object) => void }) => {
    form.type = (value) => onChange({ target: { value } });
    return null;
  },
}));
vi.mock('#app/_ui/files/viewer.tsx', () => ({
  Viewer: ({ path, editor }: { path: string; editor?: unknown }) =>
    `open ${path} ${editor ? 'to be written' : 'to be read'}`,
}));
vi.mock('#app/_ui/files/use-folder.ts', async (original) => ({
  ...(await original<object>()),
  useFolder: () => ({ list: null, problem: null, loading: false, reload: () => {} }),
}));

const entry: FileEntry = {
  ...{ name: btoa('index.html'), kind: 'file', size: 0, mode: 0o644, uid: 0, gid: 0, user: 'root', group: 'root' },
  ...{ modifiedAt: ago(0), target: null, leadsTo: null },
};
const drawn = () => {
  again();
  return renderToString(<FileBrowser containerId="c" path="/srv/www" mayChange mayRestore />).replace(/<[^>]*>/g, '');
};
const made = async (status: number, answer: object) => {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => Response.json(answer, { status }));
  vi.stubGlobal('fetch', fetched);
  drawn();
  pressed.get('New file')?.();
  drawn();
  form.type?.('index.html');
  drawn();
  form.send?.();
  await vi.waitFor(() => expect(fetched).toHaveBeenCalledOnce());
  await new Promise((resolve) => setImmediate(resolve));
  return fetched.mock.calls[0];
};
afterEach(() => vi.unstubAllGlobals());

it('a name that is taken stays, and the dialog says so', async () => {
  const type = 'urn:berth:error:conflict';
  await made(409, {
    type,
    title: 'No',
    status: 409,
    code: 'conflict',
    detail: 'There is something of that name already.',
  });
  const text = drawn();
  expect(text).toContain('There is something of that name already.');
  expect(text).not.toContain('open ');
});

it('a new file is made empty under its name, never over another, and opens to be written', async () => {
  const [url, init] = (await made(200, { received: 0, entry })) ?? [];
  expect(url).toBe(
    `/api/v1/containers/c/files/content?path=${encodeURIComponent(btoa('/srv/www/index.html'))}&replace=no`,
  );
  expect(init?.method).toBe('PUT');
  expect(init?.body).toHaveProperty('size', 0);
  expect(drawn()).toContain('open /srv/www/index.html to be written');
});
