import { BadgeCheck, CircleX } from 'lucide-react';
import type { Backup } from '#lib/contract/backups.ts';
import { rich } from '#lib/language/text.ts';
import { Ago } from './time.tsx';

/** The mark of a backup that was restored and started for a test, with its date. */
export function BackupTestMark({ test, onOpen }: { test: Backup['test']; onOpen: (() => void) | null }) {
  if (test === null) return null;
  const Icon = test.passed ? BadgeCheck : CircleX;
  const words = (
    <>
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>
        {rich(test.passed ? 'Restore tested {ago}' : 'Did not pass its restore test {ago}', {
          ago: <Ago key="ago" at={test.at} />,
        })}
      </span>
    </>
  );
  const look = `mt-0.5 flex items-start gap-1 text-left text-xs font-[550] ${test.passed ? 'text-good' : 'text-bad'}`;
  if (onOpen === null) return <p className={look}>{words}</p>;
  return (
    <button type="button" className={`${look} underline decoration-line underline-offset-3`} onClick={onOpen}>
      {words}
    </button>
  );
}
