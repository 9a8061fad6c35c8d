'use client';
import { CalendarClock, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { BackupSchedule } from '#lib/contract/schedules.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { DialogSchedule } from './dialog-schedule.tsx';
import { Card } from './page.tsx';
import { keepWords, scheduleWords } from './schedule-words.ts';
import { Ago, At } from './time.tsx';

/** When it is backed up by itself, how that went, and what the next run lets go. */
export function BackupScheduleCard({
  containerId,
  schedule,
  mayConfigure,
}: {
  containerId: string;
  schedule: BackupSchedule;
  mayConfigure: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { enabled, nextRunAt, lastRunAt, failures, problem, goes } = schedule;
  return (
    <Card title={t('By schedule')} icon={CalendarClock} className="mb-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto grid min-w-0 gap-1">
          {enabled ? (
            <>
              <p>
                {scheduleWords(schedule)}. {keepWords(schedule.keep)}
              </p>
              <p className="sub">
                {nextRunAt !== null &&
                  rich('Next run {at} ({ago})', {
                    at: <At key="at" at={nextRunAt} />,
                    ago: <Ago key="ago" at={nextRunAt} />,
                  })}
                {lastRunAt !== null && <> · {rich('last run {ago}', { ago: <Ago key="ago" at={lastRunAt} /> })}</>}
                {' · '}
                {goes.length === 0
                  ? t('it lets none of the present ones go')
                  : t('it lets {n, plural, one {# older one} other {# older ones}} go', { n: goes.length })}
              </p>
            </>
          ) : (
            <p className="sub">
              {t(
                schedule.finest === null
                  ? 'Your plan has no scheduled backups. You can back up by hand.'
                  : 'It is backed up only when somebody asks for it.',
              )}
            </p>
          )}
          {failures > 0 && (
            <p className="flex items-start gap-1.5 text-[13px] font-[550] text-bad">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span>
                {t(
                  '{n, plural, one {The last run failed} other {The last {n} runs failed}}: {problem} The backups that were there are still there.',
                  { n: failures, problem: said(problem ?? '') },
                )}
              </span>
            </p>
          )}
        </div>
        {mayConfigure && schedule.finest !== null && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t(enabled ? 'Change the schedule…' : 'Set a schedule…')}
          </Button>
        )}
      </div>
      {open && <DialogSchedule containerId={containerId} schedule={schedule} onClose={() => setOpen(false)} />}
    </Card>
  );
}
