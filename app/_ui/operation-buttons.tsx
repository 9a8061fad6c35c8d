'use client';
import { useState } from 'react';
import type { Operation } from '#lib/contract/operations.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, FormProblem, TextArea } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { inSentence } from './holds/in-sentence.ts';
import { GetHelp } from './tickets/get-help.tsx';
import { Ago } from './time.tsx';
import { useCall } from './use-call.ts';
import { kindWords } from './words.ts';

/** What the reader may do to an operation now, as the portal says in `can`; nothing else is shown. */
export function OperationButtons({ operation, size = 'small' }: { operation: Operation; size?: 'small' | 'medium' }) {
  const cancel = useCall('operations.cancel');
  const retry = useCall('operations.retry');
  const undo = useCall('operations.undo');
  const [asking, setAsking] = useState<'confirm' | 'resolve' | null>(null);
  const { can } = operation;
  const input = { params: { id: operation.id }, body: {} };
  return (
    <>
      {can.cancel && (
        <Button
          size={size}
          pending={cancel.pending}
          reason={
            operation.cancelRequested
              ? t('Already asked for. It stops as soon as it can, and undoes what it did.')
              : null
          }
          onClick={() => void cancel.run(input)}
        >
          {t(operation.cancelRequested ? 'Cancelling' : 'Cancel')}
        </Button>
      )}
      {can.undo && (
        <Button size={size} pending={undo.pending} onClick={() => void undo.run(input)}>
          {t('Undo')}
        </Button>
      )}
      {can.retry && (
        <Button size={size} pending={retry.pending} onClick={() => void retry.run(input)}>
          {t('Try again')}
        </Button>
      )}
      {can.confirm && (
        <Button size={size} variant="quiet" onClick={() => setAsking('confirm')}>
          {t('Keep this, release old files…')}
        </Button>
      )}
      {can.resolve && (
        <Button size={size} onClick={() => setAsking('resolve')}>
          {t('Mark resolved…')}
        </Button>
      )}
      {(operation.state === 'failed' || operation.state === 'stuck') && operation.containerId !== null && (
        <GetHelp
          size={size}
          about={{
            operationId: operation.id,
            containerId: operation.containerId,
            containerName: operation.containerName ?? t('the container'),
            subject:
              `${t(kindWords[operation.kind].noun)}: ${said(operation.error?.detail ?? t(operation.state))}`.slice(
                0,
                150,
              ),
          }}
        />
      )}
      {asking === 'confirm' && <ConfirmDialog operation={operation} onClose={() => setAsking(null)} />}
      {asking === 'resolve' && <ResolveDialog operation={operation} onClose={() => setAsking(null)} />}
    </>
  );
}

function ConfirmDialog({ operation, onClose }: { operation: Operation; onClose: () => void }) {
  const { run, pending, problem } = useCall('operations.confirm', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Release the old files?')}
      sub={t('{name} stays exactly as it is now.', { name: operation.containerName ?? t('The container') })}
    >
      <p>
        {rich(
          'The files put aside by the {noun} {ago} are deleted. <b>After that it cannot be undone.</b> Backups are not touched.',
          {
            noun: inSentence(t(kindWords[operation.kind].noun)),
            ago: <Ago key="ago" at={operation.endedAt ?? operation.queuedAt} />,
            b: (inner) => <strong key="b">{inner}</strong>,
          },
        )}
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Keep the old files')}</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void run({ params: { id: operation.id }, body: {} }).then((answer) => answer.ok && onClose())}
        >
          {t('Release them')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

function ResolveDialog({ operation, onClose }: { operation: Operation; onClose: () => void }) {
  const { run, pending, problem } = useCall('operations.resolve', { quiet: true });
  return (
    <FormDialog
      title={t('Mark as resolved')}
      sub={t(
        'For when a person has looked at the evidence and put things right. The container is free for other operations afterwards.',
      )}
      cancel={t('Not yet')}
      submit={t('Mark resolved')}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({
          params: { id: operation.id },
          body: { note: String(data.get('note')), outcome: data.get('outcome') === 'done' ? 'done' : 'failed' },
        }).then((answer) => answer.ok && onClose())
      }
      onClose={onClose}
    >
      <Choice
        type="radio"
        name="outcome"
        value="failed"
        label={t('It is taken back')}
        hint={t('All is as before it was asked for. It ends as failed.')}
        defaultChecked
      />
      <Choice
        type="radio"
        name="outcome"
        value="done"
        label={t('It is done')}
        hint={t(
          'What it was to do is there. It ends as succeeded. Refused where only its server could tell what was made.',
        )}
      />
      <TextArea
        name="note"
        label={t('What was wrong, and what was done')}
        rows={4}
        required
        maxLength={1000}
        hint={t('Kept in the audit record under your name.')}
      />
    </FormDialog>
  );
}
