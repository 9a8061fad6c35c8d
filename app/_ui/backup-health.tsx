import { CircleHelp, ShieldAlert } from 'lucide-react';
import type { Backup } from '#lib/contract/backups.ts';
import { rich, t } from '#lib/language/text.ts';
import { Ago } from './time.tsx';

/** Whether a backup is whole, since when, and what a damaged one lacks. */
export function BackupHealthLine({ backup }: { backup: Pick<Backup, 'health' | 'state'> }) {
  const { state, at, missing } = backup.health;
  if (backup.state !== 'complete' && backup.state !== 'removed') return null;
  if (state === 'damaged') {
    return (
      <div className="mt-1 max-w-72 text-xs [overflow-wrap:anywhere]">
        <p className="flex items-center gap-1 font-[550] text-bad">
          <ShieldAlert aria-hidden className="size-3.5 shrink-0" />
          <span>{at === null ? t('Damaged') : rich('Damaged, found {ago}', { ago: <Ago key="ago" at={at} /> })}</span>
        </p>
        <p className="text-muted">{lacks(missing)}</p>
      </div>
    );
  }
  if (state === 'unchecked') {
    return (
      <div className="sub inline-flex items-center gap-1">
        <CircleHelp aria-hidden className="size-3.5" /> {t('not read back lately')}
      </div>
    );
  }
  return (
    <div className="sub">
      {at === null ? t('whole') : rich('whole, read back {ago}', { ago: <Ago key="ago" at={at} /> })}
    </div>
  );
}

const shown = 3;

/** In words for people: `/` stands for all of it. */
function lacks(missing: readonly string[]): string {
  if (missing.length === 0 || missing.includes('/')) return t('It cannot be restored as a whole.');
  const names = missing.map((name) => (name === 'metadata.json' ? t('its own description') : name));
  const first = names.slice(0, shown).join(', ');
  const n = names.length - shown;
  return n > 0 ? t('Lacks {names} and {n} more.', { names: first, n }) : t('Lacks {names}.', { names: first });
}
