'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { call } from '../api.ts';
import { Button } from '../button.tsx';
import { reasonFor } from '../container-menu.ts';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { Choice } from '../form.tsx';
import { useShowOperation } from '../live.tsx';
import { Results } from './results.tsx';
import { useEach } from './use-each.ts';

export const bulkWords = {
  start: {
    button: 'Start…',
    title: 'Start',
    question: 'Start {n, plural, one {# container} other {# containers}}?',
    sub: 'One after the other.',
  },
  stop: {
    button: 'Stop…',
    title: 'Stop',
    question: 'Stop {n, plural, one {# container} other {# containers}}?',
    sub: 'Each shuts down by its own init and stays down until somebody starts it.',
  },
  backup: {
    button: 'Back up…',
    title: 'Back up',
    question: 'Back up {n, plural, one {# container} other {# containers}}?',
    sub: 'All files of each as they are now. They keep running.',
  },
} as const;
export type BulkVerb = keyof typeof bulkWords;

/** Asks for one thing for several containers, and says of each what became of it. */
export function BulkDialog({
  verb,
  containers,
  onClose,
}: {
  verb: BulkVerb;
  containers: readonly Container[];
  onClose: () => void;
}) {
  const show = useShowOperation();
  const [goOn, setGoOn] = useState(false);
  const { run, stop, outcomes, state } = useEach(async ({ id }) => {
    const input = { params: { id }, body: {} };
    const operation = verb === 'backup' ? await call('backups.create', input) : await call(`containers.${verb}`, input);
    show(operation);
  });
  const why = (container: Container) => reasonFor(container, verb);
  const able = containers.filter((one) => why(one) === null);
  const words = bulkWords[verb];
  return (
    <Dialog open onClose={onClose} title={t(words.question, { n: able.length })} sub={t(words.sub)}>
      <div className="grid gap-3">
        <Results
          containers={containers}
          outcomes={outcomes}
          before={(one) => {
            const reason = why(one);
            if (reason === null) return '';
            return t('left out. {why}', { why: reason ?? t('You have no right to that here.') });
          }}
          done={t('asked for; its row shows how it goes')}
        />
        {state === 'ready' && (
          <Choice
            type="checkbox"
            checked={goOn}
            onChange={(event) => setGoOn(event.target.checked)}
            label={t('Go on when one is refused')}
            hint={t('Otherwise the rest is left as it is.')}
          />
        )}
        <p role="status" className="sub empty:hidden">
          {state === 'over' && summary([...outcomes.values()].map(({ is }) => is))}
        </p>
      </div>
      <DialogFoot>
        {state === 'ready' && (
          <>
            <Button onClick={onClose}>{t('Not now')}</Button>
            <Button
              variant="primary"
              reason={able.length === 0 ? t('None of them can be done now.') : null}
              onClick={() => void run(able, goOn)}
            >
              {t(words.title)}
            </Button>
          </>
        )}
        {state === 'running' && <Button onClick={stop}>{t('Leave the rest')}</Button>}
        {state === 'over' && (
          <Button variant="primary" onClick={onClose}>
            {t('Close')}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}

const summaryWords = [
  ['done', '{n} done'],
  ['refused', '{n} refused'],
  ['left', '{n} not tried'],
] as const;
/** `3 asked for, 1 refused, 2 not tried.` */
export function summary(ends: readonly string[]): string {
  const parts = summaryWords.map(([is, text]) => ({ n: ends.filter((end) => end === is).length, text }));
  const some = parts.filter(({ n }) => n > 0);
  return `${some.map(({ n, text }) => t(text, { n })).join(', ')}.`;
}
