'use client';
import type { BackupCare, TestEvery } from '#lib/contract/backup-care.ts';
import type { InsideCommand } from '#lib/contract/integrity.ts';
import { t } from '#lib/language/text.ts';
import { Choice, SelectField, TextArea, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useCall } from './use-call.ts';

const usualSeconds = 60;

/** One word a line: there is no shell that would take them apart, and so nothing to quote. */
function commandFrom(data: FormData, name: string): InsideCommand | null {
  const argv = String(data.get(name))
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '');
  const seconds = Number(data.get(`${name}Seconds`)) || usualSeconds;
  return argv.length === 0 ? null : { argv, timeoutMs: Math.round(seconds * 1000) };
}

function CommandFields({
  name,
  label,
  hint,
  command,
}: {
  name: string;
  label: string;
  hint: string;
  command: InsideCommand | null;
}) {
  return (
    <div className="grid gap-x-3 gap-y-2 sm:grid-cols-[1fr_9rem]">
      <TextArea
        name={name}
        label={label}
        hint={hint}
        rows={3}
        defaultValue={command?.argv.join('\n') ?? ''}
        spellCheck={false}
      />
      <TextField
        name={`${name}Seconds`}
        label={t('Seconds at most')}
        type="number"
        inputMode="numeric"
        min={1}
        max={300}
        defaultValue={String((command?.timeoutMs ?? usualSeconds * 1000) / 1000)}
      />
    </div>
  );
}

/** When backups are tested and by what, and what runs inside around them. */
export function DialogCare({
  containerId,
  care,
  onClose,
}: {
  containerId: string;
  care: BackupCare;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('backups.setCare', { quiet: true });
  const submit = (data: FormData) =>
    void run({
      params: { id: containerId },
      body: {
        testEvery: String(data.get('testEvery')) as TestEvery,
        probe: commandFrom(data, 'probe'),
        commands: {
          before: commandFrom(data, 'before'),
          after: commandFrom(data, 'after'),
          ifBeforeFails: data.has('goOn') ? 'go-on' : 'fail',
        },
      },
    }).then((answer) => answer.ok && onClose());
  return (
    <FormDialog
      title={t('Restore tests and commands')}
      sub={t(
        'Commands are written one word a line: the program first, then its arguments. No shell takes part. Put no password into them.',
      )}
      cancel={t('Not now')}
      submit={t('Save')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        name="testEvery"
        label={t('Test the newest backup')}
        defaultValue={care.testEvery}
        options={[
          { value: 'never', label: t('only when somebody asks') },
          { value: 'week', label: t('once a week') },
          { value: 'month', label: t('once a month') },
        ]}
      />
      <CommandFields
        name="probe"
        label={t('Probe in the restored container (optional)')}
        hint={t('The test is passed only if it ends with exit code 0.')}
        command={care.probe}
      />
      <CommandFields
        name="before"
        label={t('Before each backup (optional)')}
        hint={t('Runs inside the container, for example to flush a database.')}
        command={care.commands.before}
      />
      <Choice
        type="checkbox"
        name="goOn"
        defaultChecked={care.commands.ifBeforeFails === 'go-on'}
        label={t('Back up even if that fails')}
        hint={t('Otherwise there is no backup, and you are told why.')}
      />
      <CommandFields
        name="after"
        label={t('After each backup (optional)')}
        hint={t('Always runs, also when the backup fails. It may run twice, so that must do no harm.')}
        command={care.commands.after}
      />
    </FormDialog>
  );
}
