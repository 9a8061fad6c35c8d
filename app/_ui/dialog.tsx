'use client';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { cx } from './cx.ts';

/** A dialog in the middle of the screen, on a phone at its lower edge. Focus stays inside and returns when it closes. */
export function Dialog({
  open,
  onClose,
  title,
  sub,
  children,
  wide,
}: {
  open: boolean;
  onClose: () => void;
  title: React.ReactNode;
  sub?: React.ReactNode;
  children: React.ReactNode;
  wide?: boolean;
}) {
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        {/* As high as the dialog itself: one that opens over another covers it. */}
        <Radix.Overlay className="fixed inset-0 z-50 bg-black/45" />
        <Shown described={Boolean(sub)} wide={wide ?? false}>
          <div className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-[650] [overflow-wrap:anywhere]">{title}</Radix.Title>
              {sub && <Radix.Description className="mt-0.5 text-[13px] text-muted">{sub}</Radix.Description>}
            </div>
            <Radix.Close
              aria-label={t('Close')}
              className="grid size-8 shrink-0 place-items-center rounded-control text-muted hover:bg-sunk hover:text-text max-md:-mt-1 max-md:size-11"
            >
              <X aria-hidden className="size-4" />
            </Radix.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-5 pt-3 pb-5">{children}</div>
        </Shown>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What is there while it is open. Radix gives the focus back to a trigger only, which none of ours has. */
function Shown({ described, wide, children }: { described: boolean; wide: boolean; children: React.ReactNode }) {
  // Asked for before a field in here takes it.
  const [before] = useState(() => document.activeElement);
  return (
    <Radix.Content
      {...(described ? {} : { 'aria-describedby': undefined })}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        const back =
          before?.isConnected === true && before !== document.body ? before : document.getElementById('main');
        if (back instanceof HTMLElement) back.focus();
      }}
      className={cx(
        'card pop-in fixed z-50 flex max-h-[90dvh] flex-col shadow-pop focus:outline-none',
        'max-md:inset-x-0 max-md:bottom-0 max-md:rounded-b-none max-md:pb-[env(safe-area-inset-bottom)]',
        'md:top-[8vh] md:left-1/2 md:max-h-[84dvh] md:w-[calc(100vw-2rem)] md:-translate-x-1/2',
        wide ? 'md:max-w-2xl' : 'md:max-w-lg',
      )}
    >
      {children}
    </Radix.Content>
  );
}

export function DialogFoot({ children }: { children: React.ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2 max-md:[&>button]:flex-1">{children}</div>;
}
