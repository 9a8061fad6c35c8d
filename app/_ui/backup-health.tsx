import { CircleHelp, ShieldAlert } from 'lucide-react';
import type { Backup } from '#lib/contract/backups.ts';
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
          <span>
            Damaged
            {at !== null && (
              <>
                , found <Ago at={at} />
              </>
            )}
          </span>
        </p>
        <p className="text-muted">{lacks(missing)}</p>
      </div>
    );
  }
  if (state === 'unchecked') {
    return (
      <div className="sub inline-flex items-center gap-1">
        <CircleHelp aria-hidden className="size-3.5" /> not read back lately
      </div>
    );
  }
  return (
    <div className="sub">
      whole
      {at !== null && (
        <>
          , read back <Ago at={at} />
        </>
      )}
    </div>
  );
}

const shown = 3;

/** In words for people: `/` stands for all of it. */
function lacks(missing: readonly string[]): string {
  if (missing.length === 0 || missing.includes('/')) return 'It cannot be restored as a whole.';
  const names = missing.map((name) => (name === 'metadata.json' ? 'its own description' : name));
  const more = names.length > shown ? ` and ${names.length - shown} more` : '';
  return `Lacks ${names.slice(0, shown).join(', ')}${more}.`;
}
