'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { call } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { LabelInput } from '../labels/label-input.tsx';
import { summary } from './bulk-dialog.tsx';
import { Results } from './results.tsx';
import { useEach } from './use-each.ts';

/** Adds and removes labels on several containers. The others that each has stay. */
export function BulkLabels({
  containers,
  known,
  onClose,
}: {
  containers: readonly Container[];
  known: readonly string[];
  onClose: () => void;
}) {
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const { run, outcomes, state } = useEach(({ id }) =>
    call('containers.changeLabels', { params: { id }, body: { add, remove } }),
  );
  const worn = [...new Set(containers.flatMap((one) => one.labels))].sort();
  const both = add.filter((one) => remove.includes(one));
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Labels of {n, plural, one {# container} other {# containers}}', { n: containers.length })}
      sub={t('People and tokens can be let at what carries a label: changing labels changes who reaches these.')}
    >
      {state === 'ready' ? (
        <div className="grid gap-4">
          <LabelInput label={t('Add')} chosen={add} known={known} onChange={setAdd} />
          <LabelInput label={t('Take away')} chosen={remove} known={worn} onChange={setRemove} />
        </div>
      ) : (
        <div className="grid gap-3">
          <Results containers={containers} outcomes={outcomes} before={() => ''} done={t('changed')} />
          <p role="status" className="sub empty:hidden">
            {state === 'over' && summary([...outcomes.values()].map(({ is }) => is))}
          </p>
        </div>
      )}
      <DialogFoot>
        {state === 'ready' ? (
          <>
            <Button onClick={onClose}>{t('Not now')}</Button>
            <Button
              variant="primary"
              reason={
                both.length > 0
                  ? t('{labels}: added or taken away, not both.', { labels: both.join(', ') })
                  : add.length + remove.length === 0
                    ? t('Choose a label first.')
                    : null
              }
              onClick={() => void run(containers, true)}
            >
              {t('Change labels')}
            </Button>
          </>
        ) : (
          <Button variant="primary" pending={state === 'running'} onClick={onClose}>
            {t('Close')}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}
