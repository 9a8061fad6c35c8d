'use client';
import { FolderClock } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { Notice } from './page.tsx';
import { Left } from './time.tsx';
import { useCall } from './use-call.ts';

/** After a reinstall: where the old files are, for how long, and the one click that removes them. */
export function OldFilesNotice({ container }: { container: Container }) {
  const { run, pending } = useCall('operations.confirm');
  const old = container.retained.find((volume) => volume.shownAt !== null);
  const why = reasonFor(container, 'confirm');
  if (old === undefined) return null;
  return (
    <Notice
      tone="idle"
      icon={FolderClock}
      title={rich('Your old files are at <code>{path}</code> for another {left}', {
        path: old.shownAt,
        code: (inner) => (
          <code key="code" className="mono">
            {inner}
          </code>
        ),
        left: <Left key="left" until={old.expiresAt} />,
      })}
      action={
        why !== undefined && (
          <Button
            size="small"
            reason={why}
            pending={pending}
            onClick={() => void run({ params: { id: old.operationId }, body: {} })}
          >
            {t('Remove old files')}
          </Button>
        )
      }
    >
      {t(
        'Copy what you want to keep. When they go, the reinstall can no longer be undone; the folder itself is there until the next start.',
      )}
    </Notice>
  );
}
