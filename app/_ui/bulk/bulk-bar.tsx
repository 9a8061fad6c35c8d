'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { BulkDialog, type BulkVerb, bulkWords } from './bulk-dialog.tsx';
import { BulkLabels } from './bulk-labels.tsx';
import type { Choice } from './use-choice.ts';

const verbs = ['start', 'stop', 'backup'] as const;

/** What can be done to the chosen rows; stays in sight while the list is scrolled. Absent while none is chosen. */
export function BulkBar({ choice, labels }: { choice: Choice; labels: readonly string[] | null }) {
  // The rows as they were when it was asked for: the list changes below it while they are worked on.
  const [asked, setAsked] = useState<{ verb: BulkVerb | 'labels'; containers: readonly Container[] } | null>(null);
  const { chosen } = choice;
  const close = () => setAsked(null);
  const offered = verbs.filter((verb) => chosen.some((one) => one.can[verb] !== undefined));
  return (
    <>
      {chosen.length > 0 && (
        <section
          aria-label={t('For the chosen containers')}
          className="card sticky top-2 z-20 mb-3 flex flex-wrap items-center gap-2 px-3 py-2 shadow-pop"
        >
          <p className="mr-auto font-[550]" aria-live="polite">
            {t('{n, plural, one {# container} other {# containers}} chosen', { n: chosen.length })}
          </p>
          {offered.map((verb) => (
            <Button key={verb} size="small" onClick={() => setAsked({ verb, containers: chosen })}>
              {t(bulkWords[verb].button)}
            </Button>
          ))}
          {labels !== null && (
            <Button size="small" onClick={() => setAsked({ verb: 'labels', containers: chosen })}>
              {t('Labels…')}
            </Button>
          )}
          {!choice.whole && (
            <Button size="small" variant="quiet" onClick={choice.all}>
              {t('Choose all')}
            </Button>
          )}
          <Button size="small" variant="quiet" onClick={choice.none}>
            {t('Clear')}
          </Button>
        </section>
      )}
      {asked?.verb === 'labels' && <BulkLabels containers={asked.containers} known={labels ?? []} onClose={close} />}
      {asked !== null && asked.verb !== 'labels' && (
        <BulkDialog verb={asked.verb} containers={asked.containers} onClose={close} />
      )}
    </>
  );
}
