'use client';
import { useState } from 'react';
import type { Input } from '#lib/contract/routes.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Form, FormProblem, SelectField, TextArea, TextField } from './form.tsx';
import { LabelInput } from './labels/label-input.tsx';
import { useThings } from './rights/grant-fields.tsx';
import { useCall } from './use-call.ts';

const lives = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Until it is revoked' },
] as const;
const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');

/** At which containers: all, those with a label, or some of them. */
type Over = 'all' | 'labels' | 'containers';
/** The service account it is for, instead of oneself. */
export type Robot = { id: string; name: string; tenantId: string | null };

/** What is asked for by a filled form. */
export function tokenWish(
  data: FormData,
  { over, labels, containerIds }: { over: Over; labels: string[]; containerIds: string[] },
  robot?: Robot,
): Input<'tokens.create'>['body'] {
  const days = Number(data.get('days'));
  const lists = { verbs: words(String(data.get('verbs'))), addresses: words(String(data.get('addresses'))) };
  return {
    name: String(data.get('name')),
    ...(lists.verbs.length === 0 ? {} : { verbs: lists.verbs as never }),
    ...(lists.addresses.length === 0 ? {} : { addresses: lists.addresses }),
    ...(over === 'labels' ? { labels } : {}),
    ...(over === 'containers' ? { containerIds } : {}),
    ...(days === 0 ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
    ...(robot === undefined ? {} : { serviceAccountId: robot.id }),
  };
}

/** Makes a token of one's own, or of a service account, and shows it: once. */
export function NewToken({ robot, onClose }: { robot?: Robot; onClose: () => void }) {
  const { run, pending, problem } = useCall('tokens.create', { quiet: true });
  const [made, setMade] = useState<string | null>(null);
  const [over, setOver] = useState<Over>('all');
  const [labels, setLabels] = useState<string[]>([]);
  const [containerIds, setContainerIds] = useState<string[]>([]);
  const known = useThings(robot?.tenantId ?? undefined);
  const unchosen =
    over === 'labels' && labels.length === 0
      ? t('Choose a label first.')
      : over === 'containers' && containerIds.length === 0
        ? t('Choose a container first.')
        : null;
  const submit = (data: FormData) =>
    void run({ body: tokenWish(data, { over, labels, containerIds }, robot) }).then(
      (answer) => answer.ok && setMade(answer.value.token),
    );
  return (
    <Dialog
      open
      onClose={onClose}
      title={robot === undefined ? t('New token') : t('New token of {name}', { name: robot.name })}
      sub={t('For a script or a program that speaks to the API.')}
    >
      {made === null ? (
        <Form problem={problem} onSubmit={submit}>
          <TextField name="name" label={t('What it is for')} required maxLength={60} autoFocus autoComplete="off" />
          <TextArea
            name="verbs"
            label={t('What it may do')}
            rows={2}
            autoCapitalize="none"
            spellCheck={false}
            hint={
              robot === undefined
                ? t('Rights such as container.start, backup.create. Empty: all that you may.')
                : t('Rights such as container.start, backup.create. Empty: all that it may.')
            }
          />
          <SelectField
            name="over"
            label={t('At which containers')}
            value={over}
            onChange={(event) => setOver(event.target.value as typeof over)}
            options={[
              { value: 'all', label: robot === undefined ? t('All that you reach') : t('All that it reaches') },
              { value: 'labels', label: t('Those with a label') },
              { value: 'containers', label: t('Some of them') },
            ]}
          />
          {over === 'labels' && (
            <LabelInput
              label={t('Labels')}
              hint={
                robot === undefined
                  ? t('What carries one of them when the token is used, of what you reach then.')
                  : t('What carries one of them when the token is used, of what it reaches then.')
              }
              chosen={labels}
              known={known.labels}
              onChange={setLabels}
            />
          )}
          {over === 'containers' && (
            <fieldset className="grid max-h-48 gap-1 overflow-y-auto rounded-control border border-line p-3">
              <legend className="sr-only">{t('Containers')}</legend>
              {known.containers.map(({ value, label }) => (
                <label key={value} className="flex cursor-pointer items-center gap-2 py-0.5 text-[13px] max-md:py-2">
                  <input
                    type="checkbox"
                    className="size-4 shrink-0 accent-(--brand)"
                    checked={containerIds.includes(value)}
                    onChange={() =>
                      setContainerIds((before) =>
                        before.includes(value) ? before.filter((one) => one !== value) : [...before, value],
                      )
                    }
                  />
                  <span className="[overflow-wrap:anywhere]">{label}</span>
                </label>
              ))}
            </fieldset>
          )}
          <TextField
            name="addresses"
            label={t('From where')}
            autoCapitalize="none"
            hint={t('Addresses or networks such as 192.0.2.0/24. Empty: from anywhere.')}
          />
          <SelectField
            name="days"
            label={t('For how long')}
            options={lives.map(({ value, label }) => ({ value, label: t(label) }))}
            defaultValue="90"
          />
          <FormProblem problem={problem} />
          <DialogFoot>
            <Button onClick={onClose}>{t('Not now')}</Button>
            <Button type="submit" variant="primary" pending={pending} reason={unchosen}>
              {t('Make the token')}
            </Button>
          </DialogFoot>
        </Form>
      ) : (
        <div className="grid gap-3">
          <p>{t('It is shown only now. Put it where the script finds it and nobody else does.')}</p>
          <CopyText text={made} label={t('the token')} />
          <DialogFoot>
            <Button variant="primary" onClick={onClose}>
              {t('I have it')}
            </Button>
          </DialogFoot>
        </div>
      )}
    </Dialog>
  );
}
