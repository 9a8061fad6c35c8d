'use client';
import { useEffect, useState } from 'react';
import type { TestReport } from '#lib/contract/backup-care.ts';
import type { Backup } from '#lib/contract/backups.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes, seconds } from './format.ts';
import { Printed } from './printed.tsx';
import { At } from './time.tsx';
import { useCall } from './use-call.ts';

const inits = {
  running: 'Its system came up completely after {time}',
  degraded: 'Its system came up, but some of its services did not after {time}',
  up: 'Its init came up after {time}',
  ended: 'Its init ended by itself after {time}',
  timeout: 'Its init was not done in time after {time}',
} as const satisfies Record<NonNullable<TestReport['boot']>['state'], string>;

/** Asks before a backup is tested: what that does, and what it leaves alone. */
export function TestBackupDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.test', { quiet: true });
  return (
    <FormDialog
      title={t('Test this backup now')}
      sub={t(
        'It is restored into a container of its own, without a network, and started. {name} itself goes on and is not touched.',
        { name: backup.containerName },
      )}
      cancel={t('Not now')}
      submit={t('Test it')}
      pending={pending}
      problem={problem}
      onSubmit={() => void run({ params: { id: backup.id }, body: {} }).then((answer) => answer.ok && onClose())}
      onClose={onClose}
    >
      <p className="text-sm">
        {t(
          'It takes about as long as a restore, and as much room on the server for that time. Everything it makes is removed afterwards; the proof stays with the backup.',
        )}
      </p>
    </FormDialog>
  );
}

/** The proof of a backup's latest test. */
export function TestReportDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, problem } = useCall('backups.testReport', { quiet: true });
  const [report, setReport] = useState<TestReport | null>(null);
  useEffect(() => {
    void run({ params: { id: backup.id } }).then((answer) => answer.ok && setReport(answer.value));
  }, [run, backup.id]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(backup.test?.passed === false ? 'It did not pass its restore test' : 'Restore test')}
      sub={t('The backup of {name}, restored into a container of its own without a network.', {
        name: backup.containerName,
      })}
    >
      {report !== null && <Report report={report} />}
      {problem !== null && <p className="text-sm text-bad">{problem.detail}</p>}
      <DialogFoot>
        <Button onClick={onClose}>{t('Close')}</Button>
      </DialogFoot>
    </Dialog>
  );
}

function Report({ report }: { report: TestReport }) {
  const { testedAt, tookMs, why, restored, boot, probe, log } = report;
  return (
    <div className="grid gap-3 text-sm">
      {why !== null && <p className="font-[550] text-bad">{said(why)}</p>}
      <ul className="grid gap-1">
        <li>{rich('{at}, {time} in all', { at: <At key="at" at={testedAt} />, time: seconds(tookMs) })}</li>
        {restored !== null && (
          <li>
            {t('Restored {n, plural, one {# file} other {# files}} ({size}) in {time}', {
              n: restored.files,
              size: bytes(restored.bytes),
              time: seconds(restored.tookMs),
            })}
          </li>
        )}
        {boot !== null && (
          <li>
            {t(inits[boot.state], { time: seconds(boot.tookMs) })}
            {boot.failedUnits.length > 0 && `: ${boot.failedUnits.join(', ')}`}
          </li>
        )}
        {probe !== null && (
          <li>
            {probe.timedOut
              ? t('The probe did not end in time after {time}', { time: seconds(probe.tookMs) })
              : t('The probe ended with exit code {code} after {time}', {
                  code: String(probe.exitCode),
                  time: seconds(probe.tookMs),
                })}
          </li>
        )}
      </ul>
      {probe !== null && probe.output !== '' && <Printed title={t('What the probe printed')} text={probe.output} />}
      {log !== '' && <Printed title={t('The end of its console')} text={log} />}
    </div>
  );
}
