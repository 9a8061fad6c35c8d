'use client';
import { CalendarClock, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { BackupSchedule } from '#lib/contract/schedules.ts';
import { Button } from './button.tsx';
import { DialogSchedule } from './dialog-schedule.tsx';
import { count } from './format.ts';
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
    <Card title="By schedule" icon={CalendarClock} className="mb-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto grid min-w-0 gap-1">
          {enabled ? (
            <>
              <p>
                {scheduleWords(schedule)}. {keepWords(schedule.keep)}
              </p>
              <p className="sub">
                {nextRunAt !== null && (
                  <>
                    Next run <At at={nextRunAt} /> (<Ago at={nextRunAt} />)
                  </>
                )}
                {lastRunAt !== null && (
                  <>
                    {' '}
                    · last run <Ago at={lastRunAt} />
                  </>
                )}
                {' · '}
                {goes.length === 0
                  ? 'it lets none of the present ones go'
                  : `it lets ${count(goes.length, 'older one')} go`}
              </p>
            </>
          ) : (
            <p className="sub">
              {schedule.finest === null
                ? 'Your plan has no scheduled backups. You can back up by hand.'
                : 'It is backed up only when somebody asks for it.'}
            </p>
          )}
          {failures > 0 && (
            <p className="flex items-start gap-1.5 text-[13px] font-[550] text-bad">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span>
                {failures === 1 ? 'The last run failed' : `The last ${failures} runs failed`}: {problem} The backups
                that were there are still there.
              </span>
            </p>
          )}
        </div>
        {mayConfigure && schedule.finest !== null && (
          <Button size="small" onClick={() => setOpen(true)}>
            {enabled ? 'Change the schedule…' : 'Set a schedule…'}
          </Button>
        )}
      </div>
      {open && <DialogSchedule containerId={containerId} schedule={schedule} onClose={() => setOpen(false)} />}
    </Card>
  );
}
