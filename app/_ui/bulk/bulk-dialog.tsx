'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/rest.ts';
import { call } from '../api.ts';
import { Button } from '../button.tsx';
import { reasonFor } from '../container-menu.ts';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { Choice } from '../form.tsx';
import { count } from '../format.ts';
import { useShowOperation } from '../live.tsx';
import { Results } from './results.tsx';
import { useEach } from './use-each.ts';

export const bulkWords = {
  start: { button: 'Start…', title: 'Start', sub: 'One after the other.' },
  stop: {
    button: 'Stop…',
    title: 'Stop',
    sub: 'Each shuts down by its own init and stays down until somebody starts it.',
  },
  backup: { button: 'Back up…', title: 'Back up', sub: 'All files of each as they are now. They keep running.' },
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
    <Dialog open onClose={onClose} title={`${words.title} ${count(able.length, 'container')}?`} sub={words.sub}>
      <div className="grid gap-3">
        <Results
          containers={containers}
          outcomes={outcomes}
          before={(one) => {
            const reason = why(one);
            if (reason === null) return '';
            return `left out. ${reason ?? 'You have no right to that here.'}`;
          }}
          done="asked for; its row shows how it goes"
        />
        {state === 'ready' && (
          <Choice
            type="checkbox"
            checked={goOn}
            onChange={(event) => setGoOn(event.target.checked)}
            label="Go on when one is refused"
            hint="Otherwise the rest is left as it is."
          />
        )}
        <p role="status" className="sub empty:hidden">
          {state === 'over' && summary([...outcomes.values()].map(({ is }) => is))}
        </p>
      </div>
      <DialogFoot>
        {state === 'ready' && (
          <>
            <Button onClick={onClose}>Not now</Button>
            <Button
              variant="primary"
              reason={able.length === 0 ? 'None of them can be done now.' : null}
              onClick={() => void run(able, goOn)}
            >
              {words.title}
            </Button>
          </>
        )}
        {state === 'running' && <Button onClick={stop}>Leave the rest</Button>}
        {state === 'over' && (
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}

/** `3 asked for, 1 refused, 2 not tried.` */
export function summary(ends: readonly string[]): string {
  const n = (is: string) => ends.filter((end) => end === is).length;
  const parts = [`${n('done')} done`, `${n('refused')} refused`, `${n('left')} not tried`];
  return `${parts.filter((part) => !part.startsWith('0 ')).join(', ')}.`;
}
