'use client';
import { useEffect, useState } from 'react';
import type { TestReport } from '#lib/contract/backup-care.ts';
import type { Backup } from '#lib/contract/backups.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormDialog } from './form-dialog.tsx';
import { bytes, count } from './format.ts';
import { Printed } from './printed.tsx';
import { At } from './time.tsx';
import { useCall } from './use-call.ts';

const inits = {
  running: 'Its system came up completely',
  degraded: 'Its system came up, but some of its services did not',
  up: 'Its init came up',
  ended: 'Its init ended by itself',
  timeout: 'Its init was not done in time',
} as const satisfies Record<NonNullable<TestReport['boot']>['state'], string>;

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Asks before a backup is tested: what that does, and what it leaves alone. */
export function TestBackupDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, pending, problem } = useCall('backups.test', { quiet: true });
  return (
    <FormDialog
      title="Test this backup now"
      sub={`It is restored into a container of its own, without a network, and started. ${backup.containerName} itself goes on and is not touched.`}
      cancel="Not now"
      submit="Test it"
      pending={pending}
      problem={problem}
      onSubmit={() => void run({ params: { id: backup.id }, body: {} }).then((answer) => answer.ok && onClose())}
      onClose={onClose}
    >
      <p className="text-sm">
        It takes about as long as a restore, and as much room on the server for that time. Everything it makes is
        removed afterwards; the proof stays with the backup.
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
      title={backup.test?.passed === false ? 'It did not pass its restore test' : 'Restore test'}
      sub={`The backup of ${backup.containerName}, restored into a container of its own without a network.`}
    >
      {report !== null && <Report report={report} />}
      {problem !== null && <p className="text-sm text-bad">{problem.detail}</p>}
      <DialogFoot>
        <Button onClick={onClose}>Close</Button>
      </DialogFoot>
    </Dialog>
  );
}

function Report({ report }: { report: TestReport }) {
  const { testedAt, tookMs, why, restored, boot, probe, log } = report;
  return (
    <div className="grid gap-3 text-sm">
      {why !== null && <p className="font-[550] text-bad">{why}</p>}
      <ul className="grid gap-1">
        <li>
          <At at={testedAt} />, {seconds(tookMs)} in all
        </li>
        {restored !== null && (
          <li>
            Restored {count(restored.files, 'file')} ({bytes(restored.bytes)}) in {seconds(restored.tookMs)}
          </li>
        )}
        {boot !== null && (
          <li>
            {inits[boot.state]} after {seconds(boot.tookMs)}
            {boot.failedUnits.length > 0 && `: ${boot.failedUnits.join(', ')}`}
          </li>
        )}
        {probe !== null && (
          <li>
            The probe {probe.timedOut ? 'did not end in time' : `ended with exit code ${probe.exitCode}`} after{' '}
            {seconds(probe.tookMs)}
          </li>
        )}
      </ul>
      {probe !== null && probe.output !== '' && <Printed title="What the probe printed" text={probe.output} />}
      {log !== '' && <Printed title="The end of its console" text={log} />}
    </div>
  );
}
