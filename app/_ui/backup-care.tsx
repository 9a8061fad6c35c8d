'use client';
import { BadgeCheck, CircleX, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { BackupCare } from '#lib/contract/backup-care.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { DialogCare } from './dialog-care.tsx';
import { Card } from './page.tsx';
import { Ago } from './time.tsx';

const everyWords = {
  never: 'Backups are tested only when somebody asks for it.',
  week: 'Once a week the newest backup is restored beside, started without a network, and removed again.',
  month: 'Once a month the newest backup is restored beside, started without a network, and removed again.',
} as const satisfies Record<BackupCare['testEvery'], string>;

const code = (inner: React.ReactNode[]) => <code key="code">{inner}</code>;

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
    <Card title={t('Restore tests and commands')} icon={BadgeCheck} className="mt-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto grid min-w-0 gap-1 [overflow-wrap:anywhere]">
          <p>
            {t(everyWords[testEvery])}
            {probe !== null && (
              <>
                {' '}
                {rich('Then <code>{command}</code> has to end well inside.', { command: probe.argv.join(' '), code })}
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
                {rich(last.passed ? 'The latest test was passed {ago}' : 'The latest test was not passed {ago}', {
                  ago: <Ago key="ago" at={last.at} />,
                })}
                {last.why !== null && `: ${said(last.why)}`}
              </span>
            </p>
          )}
          {problem !== null && (
            <p className="flex items-start gap-1.5 text-[13px] font-[550] text-warn">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />{' '}
              {t('The latest test could not be done: {problem}', { problem: said(problem) })}
            </p>
          )}
          {testEvery !== 'never' && nextTestAt !== null && (
            <p className="sub">{rich('Next {ago}', { ago: <Ago key="ago" at={nextTestAt} /> })}</p>
          )}
          {commands.before === null && commands.after === null ? (
            <p className="sub">{t('No command runs inside around backups.')}</p>
          ) : (
            <p className="sub">
              {commands.before !== null && (
                <>
                  {rich(
                    commands.ifBeforeFails === 'fail'
                      ? 'Before each backup <code>{command}</code> runs inside; if it fails, there is no backup.'
                      : 'Before each backup <code>{command}</code> runs inside; if it fails, the backup goes on.',
                    { command: commands.before.argv.join(' '), code },
                  )}{' '}
                </>
              )}
              {commands.after !== null &&
                rich('Right after it, always: <code>{command}</code>.', {
                  command: commands.after.argv.join(' '),
                  code,
                })}
            </p>
          )}
        </div>
        {mayConfigure && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t('Tests and commands…')}
          </Button>
        )}
      </div>
      {open && <DialogCare containerId={containerId} care={care} onClose={() => setOpen(false)} />}
    </Card>
  );
}
