import { describe, expect, it } from 'vitest';
import type { Adapters, Repository } from '#agent/adapters.ts';
import { OpenedBackups } from '#agent/reconcile/opened.ts';

const repository = { tenantId: 't', location: { id: 'l' } } as Repository;
const wanted = { backupId: 'b', containerId: 'c', repository, resticSnapshotId: 's', layers: [] };

/** Adapters that only remember what is open; `fails` names what goes wrong the next time. */
function place() {
  const open = new Set<string>();
  const mounted = new Set<string>();
  const fails = new Set<'unmount' | 'close'>();
  const may = (what: 'unmount' | 'close') => {
    if (fails.delete(what)) throw new Error('the disk is full');
  };
  const adapters = {
    backups: {
      open: async (_: Repository, id: string) => {
        open.add(id);
        return '/upper';
      },
      isOpen: (id: string) => open.has(id),
      close: async (id: string) => {
        may('close');
        open.delete(id);
      },
      listOpen: () => [...open],
    },
    roots: {
      mountBackup: async ({ backupId }: { backupId: string }) => {
        mounted.add(backupId);
        return `/root/${backupId}`;
      },
      unmountBackup: async (id: string) => {
        may('unmount');
        mounted.delete(id);
      },
      listBackups: () => [...mounted],
    },
  } as unknown as Adapters;
  return { opened: new OpenedBackups(adapters), open, mounted, fails };
}

describe('a backup that is open', () => {
  it.each(['unmount', 'close'] as const)(
    'and could not be closed (%s) is closed by whoever asks next',
    async (what) => {
      const { opened, open, mounted, fails } = place();
      await opened.open(wanted);
      fails.add(what);
      await expect(opened.closeOf(repository)).rejects.toThrow('the disk is full');
      await opened.closeOf(repository);
      expect([...open, ...mounted]).toEqual([]);
    },
  );

  it('of another location stays open', async () => {
    const { opened, open } = place();
    await opened.open(wanted);
    await opened.closeOf({ tenantId: 't', location: { id: 'another' } });
    expect([...open]).toEqual(['b']);
    await opened.closeAll();
    expect([...open]).toEqual([]);
  });
});
