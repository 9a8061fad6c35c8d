'use client';
import { CloudOff, Megaphone, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Outage } from '#lib/contract/tickets.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { Choice, TextArea, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { count } from './format.ts';
import { Card, Empty, Notice } from './page.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

/** Above every page, while an outage lasts that concerns the reader. */
export function OutageBanner({ outages }: { outages: readonly Outage[] }) {
  return outages.map((outage) => (
    <Notice
      key={outage.id}
      tone="bad"
      icon={CloudOff}
      title={
        <>
          {outage.title}, <Ago at={outage.startedAt} />
        </>
      }
    >
      It concerns {count(outage.containers, 'container')} of yours. {outage.updates.at(-1)?.message}
    </Notice>
  ));
}

export function DeclareOutage({ hosts }: { hosts: readonly { id: string; name: string }[] }) {
  const [open, setOpen] = useState(false);
  const { run, pending, problem } = useCall('outages.declare', { quiet: true });
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> Declare an outage
      </Button>
      <FormDialog
        open={open}
        title="Declare an outage"
        sub="The owners of every container on these servers are told by mail, and see it above every page."
        cancel="Not now"
        submit="Declare"
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
          <legend className="mb-1.5 text-[13px] font-[550]">Servers</legend>
          {hosts.map(({ id, name }) => (
            <Choice key={id} type="checkbox" name="hostIds" value={id} label={name} />
          ))}
        </fieldset>
        <TextField name="title" label="What is wrong, in a few words" required minLength={3} maxLength={150} />
        <TextArea name="message" label="What people should know" rows={4} required minLength={3} maxLength={2000} />
      </FormDialog>
    </>
  );
}

export function OutageList({ outages, declares }: { outages: readonly Outage[]; declares: boolean }) {
  if (outages.length === 0) {
    return (
      <div className="card">
        <Empty icon={Megaphone} title="No outages">
          One is raised by itself when a server has not answered for a minute.
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
  return (
    <Card title={outage.title} aside={<Badge tone={over ? 'idle' : 'bad'}>{over ? 'Over' : 'Lasts'}</Badge>}>
      <p className="sub">
        {outage.kind === 'silent' ? 'Seen by the panel' : 'Declared'} · from <At at={outage.startedAt} />
        {outage.endedAt !== null && (
          <>
            {' '}
            to <At at={outage.endedAt} />
          </>
        )}{' '}
        · {outage.hosts.join(', ')} · {count(outage.containers, 'container')} of {count(outage.tenants ?? 0, 'tenant')}
      </p>
      <ol className="mt-2 grid gap-1">
        {outage.updates.map((update) => (
          <li key={update.at} className="[overflow-wrap:anywhere]">
            <span className="sub">
              <At at={update.at} />
            </span>{' '}
            {update.message}
          </li>
        ))}
      </ol>
      {outage.report !== null && (
        <p className="mt-2 [overflow-wrap:anywhere]">
          <strong className="font-semibold">Report:</strong> {outage.report}
        </p>
      )}
      {declares && !over && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button size="small" onClick={() => setAsking('update')}>
            Tell more…
          </Button>
          <Button size="small" onClick={() => setAsking('end')}>
            End it…
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
      title={what === 'end' ? 'End the outage' : 'Tell more'}
      sub={outage.title}
      cancel="Not now"
      submit={what === 'end' ? 'End it' : 'Tell'}
      pending={pending}
      problem={problem}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <TextArea
        name="text"
        label={what === 'end' ? 'Report: what it was, what was lost, what is done about it' : 'What people should know'}
        rows={5}
        required
        minLength={3}
        maxLength={2000}
        hint="All whom it concerns are told by mail."
      />
    </FormDialog>
  );
}
