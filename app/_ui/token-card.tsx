'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Token } from '#lib/contract/tokens.ts';
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
];
const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');

/** The tokens of the API: what each may do, when it was used last, and the end of it. */
export function TokenCard({ tokens }: { tokens: readonly Token[] }) {
  const [making, setMaking] = useState(false);
  const revoke = useCall('tokens.revoke');
  return (
    <Card title="Tokens for scripts" flush>
      {tokens.length > 0 && (
        <ul className="divide-y divide-line">
          {tokens.map((token) => (
            <li key={token.id} className="flex items-center gap-3 px-4 py-2.5">
              <div className="mr-auto min-w-0">
                <p className="flex flex-wrap items-center gap-x-2 font-[550]">
                  <span className="[overflow-wrap:anywhere]">{token.name}</span>
                  {token.current && <Badge tone="good">this one</Badge>}
                </p>
                <p className="sub [overflow-wrap:anywhere]">
                  {limitWords(token)} ·{' '}
                  {token.lastUsedAt === null ? (
                    'never used'
                  ) : (
                    <>
                      used <Ago at={token.lastUsedAt} />
                    </>
                  )}
                  {token.expiresAt !== null && (
                    <>
                      {' '}
                      · ends <At at={token.expiresAt} />
                    </>
                  )}
                </p>
              </div>
              <Button
                size="small"
                aria-label={`Revoke the token ${token.name}`}
                pending={revoke.pending}
                onClick={() =>
                  void revoke
                    .run({ params: { id: token.id } })
                    .then((answer) => answer.ok && notifyDone(`${token.name} works no more.`))
                }
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
        <p className="sub mr-auto basis-52">A token never does more than you may, and goes when you go.</p>
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden /> New token
        </Button>
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
    </Card>
  );
}

function limitWords({ verbs, containerIds, labels, addresses }: Token): string {
  const parts = [
    verbs === null ? 'all you may' : verbs.join(', '),
    containerIds === null || (containerIds.length === 0 && labels !== null)
      ? null
      : `${containerIds.length} ${containerIds.length === 1 ? 'container' : 'containers'}`,
    labels === null ? null : `what is labelled ${labels.join(' or ')}`,
    addresses === null ? null : `from ${addresses.join(', ')}`,
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
      ? 'Choose a label first.'
      : over === 'containers' && containerIds.length === 0
        ? 'Choose a container first.'
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
    <Dialog open onClose={onClose} title="New token" sub="For a script or a program that speaks to the API.">
      {made === null ? (
        <Form problem={problem} onSubmit={submit}>
          <TextField name="name" label="What it is for" required maxLength={60} autoFocus autoComplete="off" />
          <TextArea
            name="verbs"
            label="What it may do"
            rows={2}
            autoCapitalize="none"
            spellCheck={false}
            hint="Rights such as container.start, backup.create. Empty: all that you may."
          />
          <SelectField
            name="over"
            label="At which containers"
            value={over}
            onChange={(event) => setOver(event.target.value as typeof over)}
            options={[
              { value: 'all', label: 'All that you reach' },
              { value: 'labels', label: 'Those with a label' },
              { value: 'containers', label: 'Some of them' },
            ]}
          />
          {over === 'labels' && (
            <LabelInput
              label="Labels"
              hint="What carries one of them when the token is used, of what you reach then."
              chosen={labels}
              known={known.labels}
              onChange={setLabels}
            />
          )}
          {over === 'containers' && (
            <fieldset className="grid max-h-48 gap-1 overflow-y-auto rounded-control border border-line p-3">
              <legend className="sr-only">Containers</legend>
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
            label="From where"
            autoCapitalize="none"
            hint="Addresses or networks such as 192.0.2.0/24. Empty: from anywhere."
          />
          <SelectField name="days" label="For how long" options={lives} defaultValue="90" />
          <FormProblem problem={problem} />
          <DialogFoot>
            <Button onClick={onClose}>Not now</Button>
            <Button type="submit" variant="primary" pending={pending} reason={unchosen}>
              Make the token
            </Button>
          </DialogFoot>
        </Form>
      ) : (
        <div className="grid gap-3">
          <p>It is shown only now. Put it where the script finds it and nobody else does.</p>
          <CopyText text={made} label="the token" />
          <DialogFoot>
            <Button variant="primary" onClick={onClose}>
              I have it
            </Button>
          </DialogFoot>
        </div>
      )}
    </Dialog>
  );
}
