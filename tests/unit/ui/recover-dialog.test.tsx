import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RecoverDialog } from '#app/_ui/files/recover-dialog.tsx';
import { LiveProvider } from '#app/_ui/live.tsx';
import type { Changes } from '#lib/contract/files.ts';

let found: Changes | null = null;
const asked: unknown[] = [];
vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));
// A portal has nowhere to go on the server.
vi.mock('#app/_ui/dialog.tsx', () => ({
  Dialog: ({ children }: { children: ReactNode }) => children,
  DialogFoot: ({ children }: { children: ReactNode }) => children,
}));
vi.mock('#app/_ui/use-answer.ts', () => ({
  useAnswer: (_name: string, input: unknown) => {
    asked.push(input);
    return { found, problem: null, again: () => {} };
  },
}));

const differing = (count: number, total = count): Changes => ({
  items: Array.from({ length: count }, (_, n) => ({
    ...{ name: btoa(`/etc/file-${n}`), kind: 'file' as const, difference: 'changed' as const, count: 1, bytes: 1 },
  })),
  ...{ total, whole: total === count },
});
const drawn = (path: string | null) =>
  renderToString(
    <LiveProvider myId="s">
      <RecoverDialog containerId="c" path={path} onClose={() => {}} onAsked={() => {}} />
    </LiveProvider>,
  ).replace(/<[^>]*>/g, '');

beforeEach(() => {
  asked.length = 0;
  found = differing(2);
});

describe('the question before files come back as the template has them', () => {
  it('lists what a folder would get back, and says that users and keys in it stay', () => {
    const text = drawn('/etc');
    expect(asked).toEqual([{ params: { id: 'c' }, query: { path: btoa('/etc'), recover: true } }]);
    expect(text).toMatch(/Stays: everything you added\. Users, passwords, .*they come back only by their own names\./);
    expect(text).toMatch(/2 files and folders will be put back:.*\/etc\/file-0 \(changed\)\/etc\/file-1 \(changed\)/);
    expect(text).not.toContain('who may log in');
  });

  it('says of a file with users, names or keys in it that they are no longer in effect, and not that they stay', () => {
    for (const path of [
      '/etc/shadow',
      '/etc/hostname',
      '/etc/ssh',
      '/etc/ssh/sshd_config',
      '/root/.ssh/authorized_keys',
    ]) {
      const text = drawn(path);
      expect(text).toMatch(/Changes: this says who the system is or who may log in: users, passwords/);
      expect(text).not.toMatch(/Stays: [^:]*(user|password|ssh key)/i);
    }
  });

  it('says how many there are when there are more than it lists', () => {
    found = differing(5_000, 6_017);
    expect(drawn(null)).toMatch(/6,017 files and folders will be put back:.*… and 1,017 more/);
    // An agent of before does not count them.
    found = { items: found.items, whole: false };
    expect(drawn(null)).toContain('More than 5,000 files and folders will be put back, among them:');
  });
});
