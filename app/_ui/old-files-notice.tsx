'use client';
import { FolderClock } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { Notice } from './page.tsx';
import { ReleaseDialog } from './retained.tsx';
import { Left } from './time.tsx';

/** After a reinstall: where the old files are, for how long, and the way to be rid of them. */
export function OldFilesNotice({ container }: { container: Container }) {
  const [asking, setAsking] = useState(false);
  const old = container.retained.find((volume) => volume.shownAt !== null);
  const why = reasonFor(container, 'confirm');
  if (old === undefined) return null;
  return (
    <>
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
            <Button size="small" reason={why} onClick={() => setAsking(true)}>
              {t('Remove old files…')}
            </Button>
          )
        }
      >
        {t(
          'Copy what you want to keep. When they go, the reinstall can no longer be undone; until the container next stops they can still be read there.',
        )}
      </Notice>
      {asking && <ReleaseDialog container={container} volume={old} onClose={() => setAsking(false)} />}
    </>
  );
}
