'use client';
import { useState } from 'react';
import {
  type BackupSchedule,
  Every,
  type Keep,
  keepRules,
  nextRun,
  retain,
  runsEvery,
  SetBackupSchedule,
} from '#lib/contract/schedules.ts';
import { rich, t } from '#lib/language/text.ts';
import { Choice, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { inSentence } from './holds/in-sentence.ts';
import { everyWords, weekdays } from './schedule-words.ts';
import { At } from './time.tsx';
import { useCall } from './use-call.ts';

const ruleWords = {
  last: '{of, select, other {Last}}',
  hourly: 'Hourly',
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
  yearly: 'Yearly',
} as const satisfies Record<keyof Keep, string>;

/** The schedule with a preview that changes as it is filled in: the next run, and which of the present backups it keeps. */
export function DialogSchedule({
  containerId,
  schedule,
  onClose,
}: {
  containerId: string;
  schedule: BackupSchedule;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('backups.setSchedule', { quiet: true });
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { enabled, every, time, weekday, monthDay, zone, keep } = schedule;
  // One from an earlier plan as it runs under this.
  const allowed = runsEvery(every, schedule.finest) ?? every;
  const fresh = !enabled && schedule.lastRunAt === null;
  const [wish, setWish] = useState<SetBackupSchedule>({
    ...{ enabled: enabled || fresh, every: fresh && schedule.finest === 'hour' ? 'day' : allowed, time },
    ...{ weekday, monthDay, zone: fresh ? here : zone, keep },
  });
  const change = (part: Partial<SetBackupSchedule>) => setWish({ ...wish, ...part });
  const finest = Every.options.indexOf(schedule.finest ?? 'month');
  const number = { type: 'number', inputMode: 'numeric', min: 0 } as const;
  return (
    <FormDialog
      wide
      title={t('Backups by schedule')}
      cancel={t('Change nothing')}
      submit={t('Save')}
      pending={pending}
      problem={problem}
      onSubmit={() => void run({ params: { id: containerId }, body: wish }).then((answer) => answer.ok && onClose())}
      onClose={onClose}
    >
      <Choice
        type="checkbox"
        name="enabled"
        label={t('Back up by schedule')}
        hint={t('Also while it runs; it is paused for a moment while its files are held still.')}
        checked={wish.enabled}
        onChange={(event) => change({ enabled: event.target.checked })}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <SelectField
          name="every"
          label={t('How often')}
          value={wish.every}
          onChange={(event) => change({ every: Every.parse(event.target.value) })}
          options={Every.options.slice(finest).map((value) => ({ value, label: t(everyWords[value]) }))}
        />
        <TextField
          name="time"
          label={t(wish.every === 'hour' ? 'At (the minutes count)' : 'At')}
          type="time"
          required
          value={wish.time}
          onChange={(event) => change({ time: event.target.value })}
        />
        <TextField
          name="zone"
          label={t('Time zone')}
          required
          value={wish.zone}
          onChange={(event) => change({ zone: event.target.value })}
          hint={wish.zone === here ? t('The one you are in.') : t('You are in {zone}.', { zone: here })}
        />
        {wish.every === 'week' && (
          <SelectField
            name="weekday"
            // Not the one of a switch.
            label={t('{of, select, other {On}}', { of: 'weekday' })}
            value={String(wish.weekday)}
            onChange={(event) => change({ weekday: Number(event.target.value) })}
            options={weekdays.map((day, index) => ({ value: String(index + 1), label: t(day) }))}
          />
        )}
        {wish.every === 'month' && (
          <TextField
            {...number}
            name="monthDay"
            label={t('On day')}
            min={1}
            max={31}
            value={wish.monthDay}
            onChange={(event) => change({ monthDay: Number(event.target.value) })}
            hint={t('The last one of a shorter month.')}
          />
        )}
      </div>
      <fieldset>
        <legend className="mb-1.5 text-[13px] font-[550]">
          {t('Keep of each so many; the rest can be had back for a while')}
        </legend>
        <div className="grid grid-cols-3 gap-3 sm:grid-cols-6">
          {keepRules.map((rule) => (
            <TextField
              {...number}
              key={rule}
              name={`keep.${rule}`}
              label={t(ruleWords[rule], { of: 'backups' })}
              max={1000}
              value={wish.keep[rule]}
              onChange={(event) => change({ keep: { ...wish.keep, [rule]: Number(event.target.value) } })}
            />
          ))}
        </div>
        <p className="sub mt-1.5">{t('These rules let go of no backup made by hand, and of no protected one.')}</p>
      </fieldset>
      <Preview wish={wish} schedule={schedule} />
    </FormDialog>
  );
}

/** By the very functions that the run itself uses. */
function Preview({ wish, schedule }: { wish: SetBackupSchedule; schedule: BackupSchedule }) {
  const parsed = SetBackupSchedule.safeParse(wish);
  if (!wish.enabled || !parsed.success) return null;
  const next = nextRun(wish, new Date()).toISOString();
  const { kept, goes } = retain([...schedule.candidates, { id: '', at: next }], wish.keep, wish.zone);
  const atOf = new Map(schedule.candidates.map(({ id, at }) => [id, at]));
  return (
    <div className="rounded-control bg-sunk p-3 text-[13px]" aria-live="polite">
      <p className="font-[550]">{rich('Next run {at}. After it:', { at: <At key="at" at={next} /> })}</p>
      <ul className="mt-1 grid max-h-48 gap-0.5 overflow-y-auto">
        {kept.map(({ id, rules }) => (
          <li key={id}>
            {id === '' ? t('keeps the new one') : rich('keeps {at}', { at: <At key="at" at={atOf.get(id) ?? next} /> })}{' '}
            <span className="text-muted">
              {rules.map((rule) => inSentence(t(ruleWords[rule], { of: 'backups' }))).join(', ')}
            </span>
          </li>
        ))}
        {goes.map((id) => (
          <li key={id} className="text-bad">
            {rich('lets go {at}', { at: <At key="at" at={atOf.get(id) ?? next} /> })}
          </li>
        ))}
      </ul>
    </div>
  );
}
