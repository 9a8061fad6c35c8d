import { Check, Minus, Undo2 } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';

/** What an action keeps, what it takes away, and how it can be undone: said before, in this order. */
export function Outcome({ keeps, loses, undo }: { keeps: readonly string[]; loses: readonly string[]; undo: string }) {
  return (
    <ul className="grid gap-2 text-[13.5px]">
      {loses.map((text) => (
        <li key={text} className="grid grid-cols-[18px_minmax(0,1fr)] gap-2">
          <Minus aria-hidden className="mt-0.5 size-4 text-bad" />
          <span>
            <span className="font-[550] text-bad">{t('Changes:')}</span> {text}
          </span>
        </li>
      ))}
      {keeps.map((text) => (
        <li key={text} className="grid grid-cols-[18px_minmax(0,1fr)] gap-2">
          <Check aria-hidden className="mt-0.5 size-4 text-good" />
          <span>
            <span className="font-[550] text-good">{t('Stays:')}</span> {text}
          </span>
        </li>
      ))}
      <li className="grid grid-cols-[18px_minmax(0,1fr)] gap-2">
        <Undo2 aria-hidden className="mt-0.5 size-4 text-muted" />
        <span>
          <span className="font-[550]">{t('Undo:')}</span> {undo}
        </span>
      </li>
    </ul>
  );
}

/** How long an undo lasts, in words; before the plan is known, without a number. */
export function undoWords(hours: number | null): string {
  if (hours === null)
    return t('possible for as long as your plan says afterwards; until then your present files are kept aside.');
  return hours >= 48
    ? t('possible for {n} days afterwards; until then your present files are kept aside.', {
        n: Math.round(hours / 24),
      })
    : t('possible for {n} hours afterwards; until then your present files are kept aside.', { n: hours });
}

/** What stays of who may log in when other files take the place of the present ones. */
export function accessWords(): string {
  return t(
    'host name and ssh keys as its settings show them: a key that was removed there does not log in again. Users and passwords go back with the files.',
  );
}

/** What taking a copy of its files means for a container: a backup, a snapshot, an export. */
export function copyWords({ state }: Pick<Container, 'state'>): string {
  return t(
    state === 'running'
      ? 'It keeps running; it is paused for a moment while its files are held still.'
      : 'All its files as they are now.',
  );
}

/** The undo of what makes a container: to delete it, which not everybody may who may make one. */
export function deletingUndoes({ can }: Pick<Container, 'can'>, words: string): string {
  return can.delete === undefined ? t('your provider can delete it; ask under Help.') : words;
}
