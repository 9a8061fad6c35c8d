'use client';
import { useState } from 'react';
import type { BackupLocation } from '#lib/contract/locations.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Form, FormProblem, SelectField } from './form.tsx';
import { safetyOf } from './location-words.ts';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

type Props = {
  containerId: string;
  chosen: string | null;
  /** Those this reader may choose for this container. */
  locations: readonly BackupLocation[];
};

/** Where the backups of one container go from now on. */
export function LocationChoice({ containerId, chosen, locations }: Props) {
  const { run, pending, problem } = useCall('containers.location', { quiet: true });
  const [locationId, setLocationId] = useState(chosen ?? '');
  return (
    <Card title={t('Where backups go')} className="mt-4">
      <Form
        problem={problem}
        onSubmit={() =>
          void run({
            params: { id: containerId },
            body: { locationId: locationId === '' ? null : locationId },
          }).then((answer) => answer.ok && notifyDone(t('The next backup goes there.')))
        }
      >
        <SelectField
          name="locationId"
          label={t('Location')}
          value={locationId}
          onChange={(event) => setLocationId(event.target.value)}
          hint={t('For new backups. Those that exist stay where they are and can be restored from there.')}
          options={[
            { value: '', label: t('As the plan says') },
            ...locations.map((one) => ({ value: one.id, label: `${said(one.name)} (${safetyOf(one)})` })),
          ]}
        />
        <FormProblem problem={problem} />
        <div>
          <Button
            type="submit"
            pending={pending}
            reason={locationId === (chosen ?? '') ? t('It is chosen already.') : null}
          >
            {t('Choose')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
