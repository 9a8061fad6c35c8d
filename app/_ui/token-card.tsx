'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Token } from '#lib/contract/tokens.ts';
import { rich, t } from '#lib/language/text.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Form, FormProblem, SelectField, TextArea, TextField } from './form.tsx';
import { LabelInput } from './labels/label-input.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useThings } from './rights/grant-fields.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

const lives = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Until it is revoked' },
] as const;
const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');

/** The tokens of the API: what each may do, when it was used last, and the end of it. */
export function TokenCard({ tokens }: { tokens: readonly Token[] }) {
  const [making, setMaking] = useState(false);
  const revoke = useCall('tokens.revoke');
  return (
    <Card title={t('Tokens for scripts')} flush>
      {tokens.length > 0 && (
        <ul className="divide-y divide-line">
          {tokens.map((token) => (
            <li key={token.id} className="flex items-center gap-3 px-4 py-2.5">
              <div className="mr-auto min-w-0">
                <p className="flex flex-wrap items-center gap-x-2 font-[550]">
                  <span className="[overflow-wrap:anywhere]">{token.name}</span>
                  {token.current && <Badge tone="good">{t('this one')}</Badge>}
                </p>
                <p className="sub [overflow-wrap:anywhere]">
                  {limitWords(token)} ·{' '}
                  {token.lastUsedAt === null
                    ? t('never used')
                    : rich('used {ago}', { ago: <Ago key="ago" at={token.lastUsedAt} /> })}
                  {token.expiresAt !== null && (
                    <> {rich('· ends {at}', { at: <At key="at" at={token.expiresAt} /> })}</>
                  )}
                </p>
              </div>
              <Button
                size="small"
                aria-label={t('Revoke the token {name}', { name: token.name })}
                pending={revoke.pending}
                onClick={() =>
                  void revoke
                    .run({ params: { id: token.id } })
                    .then((answer) => answer.ok && notifyDone(t('{name} works no more.', { name: token.name })))
                }
              >
                {t('Revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
        <p className="sub grow basis-52">{t('A token never does more than you may, and goes when you go.')}</p>
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden /> {t('New token')}
        </Button>
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
    </Card>
  );
}

function limitWords({ verbs, containerIds, labels, addresses, brandId }: Token): string {
  const parts = [
    verbs === null ? t('all you may') : verbs.join(', '),
    containerIds === null || (containerIds.length === 0 && labels !== null)
      ? null
      : t('{n, plural, one {# container} other {# containers}}', { n: containerIds.length }),
    labels === null ? null : t('what is labelled {labels}', { labels: labels.join(t(' or ')) }),
    addresses === null ? null : t('from {addresses}', { addresses: addresses.join(', ') }),
    brandId === null ? null : t('only as under the name where it was made'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function NewToken({ onClose }: { onClose: () => void }) {
  const { run, pending, problem } = useCall('tokens.create', { quiet: true });
  const [made, setMade] = useState<string | null>(null);
  const [over, setOver] = useState<'all' | 'labels' | 'containers'>('all');
  const [labels, setLabels] = useState<string[]>([]);
  const [containerIds, setContainerIds] = useState<string[]>([]);
  const known = useThings(undefined);
  const unchosen =
    over === 'labels' && labels.length === 0
      ? t('Choose a label first.')
      : over === 'containers' && containerIds.length === 0
        ? t('Choose a container first.')
        : null;
  const submit = (data: FormData) => {
    const days = Number(data.get('days'));
    const lists = { verbs: words(String(data.get('verbs'))), addresses: words(String(data.get('addresses'))) };
    void run({
      body: {
        name: String(data.get('name')),
        ...(lists.verbs.length === 0 ? {} : { verbs: lists.verbs as never }),
        ...(lists.addresses.length === 0 ? {} : { addresses: lists.addresses }),
        ...(over === 'labels' ? { labels } : {}),
        ...(over === 'containers' ? { containerIds } : {}),
        ...(days === 0 ? {} : { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() }),
      },
    }).then((answer) => answer.ok && setMade(answer.value.token));
  };
  return (
    <Dialog open onClose={onClose} title={t('New token')} sub={t('For a script or a program that speaks to the API.')}>
      {made === null ? (
        <Form problem={problem} onSubmit={submit}>
          <TextField name="name" label={t('What it is for')} required maxLength={60} autoFocus autoComplete="off" />
          <TextArea
            name="verbs"
            label={t('What it may do')}
            rows={2}
            autoCapitalize="none"
            spellCheck={false}
            hint={t('Rights such as container.start, backup.create. Empty: all that you may.')}
          />
          <SelectField
            name="over"
            label={t('At which containers')}
            value={over}
            onChange={(event) => setOver(event.target.value as typeof over)}
            options={[
              { value: 'all', label: t('All that you reach') },
              { value: 'labels', label: t('Those with a label') },
              { value: 'containers', label: t('Some of them') },
            ]}
          />
          {over === 'labels' && (
            <LabelInput
              label={t('Labels')}
              hint={t('What carries one of them when the token is used, of what you reach then.')}
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
