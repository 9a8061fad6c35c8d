'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';

/** Text to be taken elsewhere, whole and exact, with a button that takes it. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState(false);
  return (
    <span className="flex min-w-0 items-start gap-1">
      <code className="mono min-w-0 self-center select-all">{text}</code>
      <button
        type="button"
        aria-label={done ? t('Copied') : t('Copy {label}', { label })}
        title={done ? t('Copied') : t('Copy {label}', { label })}
        className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-sunk hover:text-text max-md:size-11 max-md:-my-2"
        onClick={() => {
          navigator.clipboard?.writeText(text).then(
            () => {
              setDone(true);
              setTimeout(() => setDone(false), 1500);
            },
            () => undefined,
          );
        }}
      >
        {done ? <Check aria-hidden className="size-3.5 text-good" /> : <Copy aria-hidden className="size-3.5" />}
      </button>
    </span>
  );
}
