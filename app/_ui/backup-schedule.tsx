'use client';
import { CalendarClock, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { type BackupSchedule, runsEvery, type SetBackupSchedule } from '#lib/contract/schedules.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { DialogSchedule } from './dialog-schedule.tsx';
import { Card } from './page.tsx';
import { keepWords, scheduleWords } from './schedule-words.ts';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

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
  const runs = runsEvery(schedule.every, schedule.finest);
  return (
    <Card title={t('By schedule')} icon={CalendarClock} className="mb-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto grid min-w-0 gap-1">
          {enabled && runs !== null ? (
            <>
              <p>
                {scheduleWords({ ...schedule, every: runs })}. {keepWords(schedule.keep)}
              </p>
              {runs !== schedule.every && (
                <p className="sub">
                  {t('It was set to “{schedule}”; your plan has no backups as often as that.', {
                    schedule: scheduleWords(schedule),
                  })}
                </p>
              )}
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
              {runs === null
                ? t('Your plan has no scheduled backups. You can back up by hand.')
                : t('It is backed up only when somebody asks for it.')}
              {enabled &&
                ` ${t('What is set (“{schedule}”) does not run; it would again under a plan that has them.', {
                  schedule: scheduleWords(schedule),
                })}`}
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
        {mayConfigure && runs !== null && (
          <Button size="small" onClick={() => setOpen(true)}>
            {t(enabled ? 'Change the schedule…' : 'Set a schedule…')}
          </Button>
        )}
        {mayConfigure && runs === null && enabled && <TurnOff containerId={containerId} schedule={schedule} />}
      </div>
      {open && <DialogSchedule containerId={containerId} schedule={schedule} onClose={() => setOpen(false)} />}
    </Card>
  );
}

/** Of one that the plan does not let run: there is nothing else to change about it. */
function TurnOff({ containerId, schedule }: { containerId: string; schedule: BackupSchedule }) {
  const { run, pending } = useCall('backups.setSchedule');
  const { every, time, weekday, monthDay, zone, keep } = schedule;
  const off: SetBackupSchedule = { enabled: false, every, time, weekday, monthDay, zone, keep };
  return (
    <Button size="small" pending={pending} onClick={() => void run({ params: { id: containerId }, body: off })}>
      {t('Turn the schedule off')}
    </Button>
  );
}
