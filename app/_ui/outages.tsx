'use client';
import { CloudOff, Megaphone, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Outage } from '#lib/contract/tickets.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { Choice, TextArea, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Card, Empty, Notice } from './page.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

/** What the panel has written is said in the reader's language; what a person wrote stays. */
const wordsOf = (outage: Outage, text: string) => (outage.kind === 'silent' ? said(text) : text);

/** Above every page, while an outage lasts that concerns the reader. */
export function OutageBanner({ outages }: { outages: readonly Outage[] }) {
  return outages.map((outage) => (
    <Notice
      key={outage.id}
      tone="bad"
      icon={CloudOff}
      title={
        <>
          {wordsOf(outage, outage.title)}, <Ago at={outage.startedAt} />
        </>
      }
    >
      {t('{n, plural, one {It concerns # container of yours.} other {It concerns # containers of yours.}}', {
        n: outage.containers,
      })}{' '}
      {wordsOf(outage, outage.updates.at(-1)?.message ?? '')}
    </Notice>
  ));
}

export function DeclareOutage({ hosts }: { hosts: readonly { id: string; name: string }[] }) {
  const [open, setOpen] = useState(false);
  const { run, pending, problem } = useCall('outages.declare', { quiet: true });
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('Declare an outage')}
      </Button>
      <FormDialog
        open={open}
        title={t('Declare an outage')}
        sub={t('The owners of every container on these servers are told by mail, and see it above every page.')}
        cancel={t('Not now')}
        submit={t('Declare')}
        pending={pending}
        problem={problem}
        onSubmit={(data) =>
          void run({
            body: {
              hostIds: data.getAll('hostIds').map(String),
              title: String(data.get('title')),
              message: String(data.get('message')),
            },
          }).then((answer) => answer.ok && setOpen(false))
        }
        onClose={() => setOpen(false)}
      >
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[13px] font-[550]">{t('Servers')}</legend>
          {hosts.map(({ id, name }) => (
            <Choice key={id} type="checkbox" name="hostIds" value={id} label={name} />
          ))}
        </fieldset>
        <TextField name="title" label={t('What is wrong, in a few words')} required minLength={3} maxLength={150} />
        <TextArea
          name="message"
          label={t('What people should know')}
          rows={4}
          required
          minLength={3}
          maxLength={2000}
        />
      </FormDialog>
    </>
  );
}

export function OutageList({ outages, declares }: { outages: readonly Outage[]; declares: boolean }) {
  if (outages.length === 0) {
    return (
      <div className="card">
        <Empty icon={Megaphone} title={t('No outages')}>
          {t('One is raised by itself when a server has not answered for a minute.')}
        </Empty>
      </div>
    );
  }
  return (
    <div className="grid gap-4">
      {outages.map((outage) => (
        <OutageCard key={outage.id} outage={outage} declares={declares} />
      ))}
    </div>
  );
}

function OutageCard({ outage, declares }: { outage: Outage; declares: boolean }) {
  const [asking, setAsking] = useState<'update' | 'end' | null>(null);
  const over = outage.endedAt !== null;
  const start = <At key="start" at={outage.startedAt} />;
  return (
    <Card
      title={wordsOf(outage, outage.title)}
      aside={
        <Badge tone={over ? 'idle' : 'bad'}>
          {over ? t('{what, select, other {Over}}', { what: 'outage' }) : t('Lasts')}
        </Badge>
      }
    >
      <p className="sub">
        {outage.kind === 'silent' ? t('Seen by the panel') : t('Declared')} ·{' '}
        {outage.endedAt === null
          ? rich('from {start}', { start })
          : rich('from {start} to {end}', { start, end: <At key="end" at={outage.endedAt} /> })}{' '}
        · {outage.hosts.join(', ')} ·{' '}
        {t(
          '{containers, plural, one {# container} other {# containers}} of {tenants, plural, one {# tenant} other {# tenants}}',
          { containers: outage.containers, tenants: outage.tenants ?? 0 },
        )}
      </p>
      <ol className="mt-2 grid gap-1">
        {outage.updates.map((update) => (
          <li key={update.at} className="[overflow-wrap:anywhere]">
            <span className="sub">
              <At at={update.at} />
            </span>{' '}
            {wordsOf(outage, update.message)}
          </li>
        ))}
      </ol>
      {outage.report !== null && (
        <p className="mt-2 [overflow-wrap:anywhere]">
          <strong className="font-semibold">{t('Report:')}</strong> {outage.report}
        </p>
      )}
      {declares && !over && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button size="small" onClick={() => setAsking('update')}>
            {t('Tell more…')}
          </Button>
          <Button size="small" onClick={() => setAsking('end')}>
            {t('End it…')}
          </Button>
        </div>
      )}
      {asking !== null && <TellDialog outage={outage} what={asking} onClose={() => setAsking(null)} />}
    </Card>
  );
}

function TellDialog({ outage, what, onClose }: { outage: Outage; what: 'update' | 'end'; onClose: () => void }) {
  const update = useCall('outages.update', { quiet: true });
  const end = useCall('outages.end', { quiet: true });
  const { pending, problem } = what === 'end' ? end : update;
  const params = { id: outage.id };
  const submit = async (data: FormData) => {
    const text = String(data.get('text'));
    const answer =
      what === 'end'
        ? await end.run({ params, body: { report: text } })
        : await update.run({ params, body: { message: text } });
    if (answer.ok) onClose();
  };
  return (
    <FormDialog
      title={what === 'end' ? t('End the outage') : t('Tell more')}
      sub={wordsOf(outage, outage.title)}
      cancel={t('Not now')}
      submit={what === 'end' ? t('End it') : t('Tell')}
      pending={pending}
      problem={problem}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <TextArea
        name="text"
        label={
          what === 'end' ? t('Report: what it was, what was lost, what is done about it') : t('What people should know')
        }
        rows={5}
        required
        minLength={3}
        maxLength={2000}
        hint={t('All whom it concerns are told by mail.')}
      />
    </FormDialog>
  );
}
