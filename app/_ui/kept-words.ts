import type { RetainedVolume } from '#lib/contract/containers.ts';

/** Which files are kept, by what replaced them. */
export const keptWords = {
  restore: {
    name: 'Files as they were before the restore',
    back: 'Go back to the files before the restore?',
    release: 'Release the files before the restore?',
  },
  reinstall: {
    name: 'Files as they were before the reinstall',
    back: 'Go back to the files before the reinstall?',
    release: 'Release the files before the reinstall?',
  },
  rollback: {
    name: 'Files as they were before the roll-back',
    back: 'Go back to the files before the roll-back?',
    release: 'Release the files before the roll-back?',
  },
  undo: {
    name: 'Files as they were before the undo',
    back: 'Go back to the files before the undo?',
    release: 'Release the files before the undo?',
  },
  recover: {
    name: 'Files as they were before system files were put back',
    back: 'Go back to the files before system files were put back?',
    release: 'Release the files before system files were put back?',
  },
} as const satisfies Record<RetainedVolume['reason'] | 'recover', { name: string; back: string; release: string }>;
