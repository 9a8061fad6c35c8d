'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Every } from '#lib/contract/schedules.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Choice, FormProblem, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useCall } from './use-call.ts';
import { useOffered } from './use-choices.ts';

const mb = 1024 * 1024;
const gb = 1024 * mb;
const whole = (data: FormData, name: string) => Math.round(Number(data.get(name)));

/** Hours, in minutes; empty is none. */
const minutes = (data: FormData, name: string) => {
  const text = String(data.get(name) ?? '').trim();
  return text === '' ? null : Math.max(1, Math.round(Number(text) * 60));
};

export function CreatePlan() {
  const [open, setOpen] = useState(false);
  const { run, pending, problem } = useCall('plans.create', { quiet: true });
  const submit = (data: FormData) => {
    const room = String(data.get('maxBackupGb') ?? '').trim();
    const most = String(data.get('maxContainers') ?? '').trim();
    void run({
      body: {
        name: String(data.get('name')),
        price: String(data.get('price') ?? ''),
        resources: {
          cpuCores: Number(data.get('cpuCores')),
          memoryBytes: whole(data, 'memoryMb') * mb,
          diskBytes: Math.round(Number(data.get('diskGb')) * gb),
          pids: whole(data, 'pids'),
          inodes: whole(data, 'inodes'),
        },
        maxContainers: most === '' ? null : Number(most),
        maxBackups: whole(data, 'maxBackups'),
        maxSnapshots: whole(data, 'maxSnapshots'),
        maxBackupBytes: room === '' ? null : Math.round(Number(room) * gb),
        backupEvery: Every.safeParse(data.get('backupEvery')).data ?? null,
        deletedBackupDays: whole(data, 'deletedBackupDays'),
        deletedContainerDays: whole(data, 'deletedContainerDays'),
        maxForwards: whole(data, 'maxForwards'),
        templates: data.getAll('templates').map(String),
        retentionHours: whole(data, 'retentionHours'),
        startPriority: whole(data, 'startPriority'),
        firstAnswerMinutes: minutes(data, 'firstAnswerHours'),
        solveMinutes: minutes(data, 'solveHours'),
      },
    }).then((answer) => answer.ok && setOpen(false));
  };
  const number = { type: 'number', inputMode: 'decimal', required: true } as const;
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('New plan')}
      </Button>
      <FormDialog
        open={open}
        wide
        title={t('New plan')}
        sub={t('What a container on it may use.')}
        cancel={t('Not now')}
        submit={t('Create')}
        pending={pending}
        problem={problem}
        onSubmit={submit}
        onClose={() => setOpen(false)}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="name" label={t('Name')} required maxLength={60} autoFocus />
          <TextField
            name="price"
            label={t('Price')}
            maxLength={60}
            hint={t('As people read it, such as 5 € a month.')}
          />
        </div>
        <div className="grid gap-4 sm:grid-cols-3">
          <TextField {...number} name="cpuCores" label={t('CPU (cores)')} step="0.05" min="0.05" defaultValue="1" />
          <TextField {...number} name="memoryMb" label={t('Memory (MB)')} min="16" defaultValue="1024" />
          <TextField {...number} name="diskGb" label={t('Disk (GB)')} step="0.1" min="0.1" defaultValue="10" />
          <TextField {...number} name="pids" label={t('Processes')} min="16" defaultValue="512" />
          <TextField {...number} name="inodes" label={t('Files')} min="1024" defaultValue="500000" />
          <TextField {...number} name="maxBackups" label={t('Backups')} min="0" defaultValue="10" />
          <TextField {...number} name="maxSnapshots" label={t('Snapshots')} min="0" max="20" defaultValue="3" />
          <TextField
            {...number}
            name="maxBackupGb"
            label={t('Space for backups (GB)')}
            step="0.1"
            min="0"
            required={false}
            hint={t('Of each container. Empty: no limit.')}
          />
          <SelectField
            name="backupEvery"
            label={t('Scheduled backups')}
            options={[
              { value: 'hour', label: t('hourly or less often') },
              { value: 'day', label: t('daily or less often') },
              { value: 'week', label: t('weekly or less often') },
              { value: 'month', label: t('monthly') },
              { value: 'never', label: t('none') },
            ]}
          />
          <TextField
            {...number}
            name="deletedBackupDays"
            label={t('Deleted backups kept (days)')}
            min="0"
            max="365"
            defaultValue="7"
          />
          <TextField
            {...number}
            name="deletedContainerDays"
            label={t('Deleted containers kept (days)')}
            min="0"
            max="365"
            defaultValue="14"
            hint={t('Their backups, and with them a way back.')}
          />
          <TextField {...number} name="maxForwards" label={t('Port forwards')} min="0" defaultValue="10" />
          <TextField
            {...number}
            name="retentionHours"
            label={t('Undo kept for (hours)')}
            min="1"
            max="720"
            defaultValue="24"
          />
          <TextField
            {...number}
            name="startPriority"
            label={t('Start priority')}
            min="0"
            max="100"
            defaultValue="50"
            hint={t('Higher starts earlier after a restart of the server.')}
          />
          <TextField
            {...number}
            name="firstAnswerHours"
            label={t('First answer within (hours)')}
            step="0.25"
            min="0.25"
            required={false}
            hint={t('To tickets. Empty: no target.')}
          />
          <TextField
            {...number}
            name="solveHours"
            label={t('Solution within (hours)')}
            step="0.25"
            min="0.25"
            required={false}
            hint={t('Of tickets. Empty: no target.')}
          />
          <TextField
            {...number}
            name="maxContainers"
            label={t('Containers a tenant')}
            min="1"
            required={false}
            hint={t('Empty: no limit.')}
          />
        </div>
        {open && <TemplateNames />}
      </FormDialog>
    </>
  );
}

function TemplateNames() {
  const { items, problem } = useOffered('templates');
  const named = [...new Map(items?.map((template) => [template.name, template.title])).entries()];
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[13px] font-[550]">{t('Systems to reinstall with')}</legend>
      {items === null && problem === null && <ChoicesSkeleton />}
      <div className="grid gap-2 sm:grid-cols-3">
        {named.map(([name, title]) => (
          <Choice key={name} type="checkbox" name="templates" value={name} label={title} hint={name} />
        ))}
      </div>
      <div className="text-[12.5px] text-muted">{t('None chosen: all.')}</div>
      {problem !== null && <FormProblem problem={problem} />}
    </fieldset>
  );
}
