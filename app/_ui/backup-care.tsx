'use client';
import { BadgeCheck, CircleX, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { BackupCare } from '#lib/contract/backup-care.ts';
import { Button } from './button.tsx';
import { DialogCare } from './dialog-care.tsx';
import { Card } from './page.tsx';
import { Ago } from './time.tsx';

const everyWords = {
  never: 'Backups are tested only when somebody asks for it.',
  week: 'Once a week the newest backup is restored beside, started without a network, and removed again.',
  month: 'Once a month the newest backup is restored beside, started without a network, and removed again.',
} as const satisfies Record<BackupCare['testEvery'], string>;

/** Whether backups are proved to come back, and what runs inside around them. */
export function BackupCareCard({
  containerId,
  care,
  mayConfigure,
}: {
  containerId: string;
  care: BackupCare;
  mayConfigure: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { testEvery, probe, commands, last, problem, nextTestAt } = care;
  return (
    <Card title="Restore tests and commands" icon={BadgeCheck} className="mt-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto grid min-w-0 gap-1 [overflow-wrap:anywhere]">
          <p>
            {everyWords[testEvery]}
            {probe !== null && (
              <>
                {' '}
                Then <code>{probe.argv.join(' ')}</code> has to end well inside.
              </>
            )}
          </p>
          {last !== null && (
            <p className={`flex items-start gap-1.5 text-[13px] font-[550] ${last.passed ? 'text-good' : 'text-bad'}`}>
              {last.passed ? (
                <BadgeCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
              ) : (
                <CircleX aria-hidden className="mt-0.5 size-4 shrink-0" />
              )}
              <span>
                {last.passed ? 'The latest test was passed' : 'The latest test was not passed'} <Ago at={last.at} />
                {last.why !== null && `: ${last.why}`}
              </span>
            </p>
          )}
          {problem !== null && (
            <p className="flex items-start gap-1.5 text-[13px] font-[550] text-warn">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" /> The latest test could not be done:{' '}
              {problem}
            </p>
          )}
          {testEvery !== 'never' && nextTestAt !== null && (
            <p className="sub">
              Next <Ago at={nextTestAt} />
            </p>
          )}
          {commands.before === null && commands.after === null ? (
            <p className="sub">No command runs inside around backups.</p>
          ) : (
            <p className="sub">
              {commands.before !== null && (
                <>
                  Before each backup <code>{commands.before.argv.join(' ')}</code> runs inside
                  {commands.ifBeforeFails === 'fail'
                    ? '; if it fails, there is no backup'
                    : '; if it fails, the backup goes on'}
                  .{' '}
                </>
              )}
              {commands.after !== null && (
                <>
                  Right after it, always: <code>{commands.after.argv.join(' ')}</code>.
                </>
              )}
            </p>
          )}
        </div>
        {mayConfigure && (
          <Button size="small" onClick={() => setOpen(true)}>
            Tests and commands…
          </Button>
        )}
      </div>
      {open && <DialogCare containerId={containerId} care={care} onClose={() => setOpen(false)} />}
    </Card>
  );
}
