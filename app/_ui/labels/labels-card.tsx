'use client';
import { Tag } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { useHeld } from '../held.tsx';
import { notifyDone } from '../notify.tsx';
import { Card } from '../page.tsx';
import { useCall } from '../use-call.ts';
import { LabelInput } from './label-input.tsx';

/** The labels of one container: added and removed, then saved together. `known`: those in use in the account. */
export function LabelsCard({ container, known }: { container: Container; known: readonly string[] }) {
  const { run, pending, problem } = useCall('containers.changeLabels', { quiet: true });
  const [chosen, setChosen] = useState<readonly string[]>(container.labels);
  const held = useHeld();
  const add = chosen.filter((one) => !container.labels.includes(one));
  const remove = container.labels.filter((one) => !chosen.includes(one));
  const same = add.length + remove.length === 0;
  return (
    <Card title={t('Labels')} icon={Tag}>
      <div className="grid gap-4">
        <LabelInput
          label={t('Labels')}
          hint={t(
            'Groups of containers. People and tokens can be let at all that carry a label: changing one changes who reaches this container.',
          )}
          chosen={chosen}
          known={known}
          onChange={setChosen}
          problem={problem === null ? null : (problem.issues?.[0]?.message ?? problem.detail ?? problem.title)}
        />
        <div>
          <Button
            pending={pending}
            reason={held ?? (same ? t('Nothing is changed yet.') : null)}
            onClick={() =>
              void run({ params: { id: container.id }, body: { add, remove } }).then(
                (answer) => answer.ok && notifyDone(t('The labels are saved.')),
              )
            }
          >
            {t('Save labels')}
          </Button>
        </div>
      </div>
    </Card>
  );
}
