'use client';
import { useEffect } from 'react';
import { t } from '#lib/language/text.ts';

/** On which the pages of a browser hear that somebody has shown who they are. */
export const proofChannel = 'berth-proof';

/** Tells the page that asked, and closes the window. */
export function Proved({ refused }: { refused: boolean }) {
  useEffect(() => {
    if (refused) return;
    const channel = new BroadcastChannel(proofChannel);
    channel.postMessage('proved');
    channel.close();
    window.close();
  }, [refused]);
  return (
    <p role="status">
      {refused
        ? t('Close this window and try again: sign in as the same person, and not by a session that was open already.')
        : t('You can close this window. What you were about to do goes on in the other.')}
    </p>
  );
}
