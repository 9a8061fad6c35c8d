'use client';
import { useState } from 'react';
import type { Brand, BrandHost } from '#lib/contract/brands.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Form, FormProblem, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

/** Names under which the brand is reached, and how they are proven. */
export function BrandHosts({ brand }: { brand: Brand }) {
  const { run, pending, problem } = useCall('brands.addHost', { quiet: true });
  return (
    <Card title="Host names">
      <p className="sub mb-3">
        Your tenants reach the panel under these, and are signed in under the one they used. Links in mails lead to the
        one that was proven first.
      </p>
      {brand.hosts.length > 0 && (
        <ul className="mb-4 grid gap-4">
          {brand.hosts.map((host) => (
            <Host key={host.id} resellerId={brand.resellerId} host={host} />
          ))}
        </ul>
      )}
      <Form
        // A new one when a name was added: its field is empty again.
        key={brand.hosts.length}
        problem={problem}
        onSubmit={(data) =>
          void run({ params: { id: brand.resellerId }, body: { host: String(data.get('host')).trim().toLowerCase() } })
        }
      >
        <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_auto]">
          <TextField name="host" label="Another name" placeholder="panel.example.net" autoCapitalize="none" required />
          <Button type="submit" pending={pending}>
            Add
          </Button>
        </div>
        <FormProblem problem={problem} />
      </Form>
    </Card>
  );
}

function Host({ resellerId, host }: { resellerId: string; host: BrandHost }) {
  const prove = useCall('brands.proveHost', { quiet: true });
  const drop = useCall('brands.dropHost', { quiet: true });
  const [dropping, setDropping] = useState(false);
  const params = { id: resellerId, hostId: host.id };
  return (
    <li className="grid gap-2 border-b border-line pb-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-semibold [overflow-wrap:anywhere]">{host.host}</span>
        <Badge tone={host.provenAt === null ? 'warn' : 'good'}>
          {host.provenAt === null ? 'not proven yet' : 'proven'}
        </Badge>
        <span className="ml-auto flex flex-wrap gap-2">
          {host.provenAt === null && (
            <Button
              size="small"
              pending={prove.pending}
              aria-label={`Look for the proof of ${host.host}`}
              onClick={() =>
                void prove.run({ params, body: {} }).then((answer) => answer.ok && notifyDone(`${host.host} is yours.`))
              }
            >
              Look for the proof
            </Button>
          )}
          <Button
            size="small"
            aria-label={`Give up ${host.host}`}
            onClick={() => (host.provenAt === null ? void drop.run({ params }) : setDropping(true))}
          >
            Give up
          </Button>
        </span>
      </div>
      {host.provenAt === null && (
        <div className="grid min-w-0 gap-1 text-[13px]">
          <span className="text-muted">Set this TXT record at whoever keeps the name:</span>
          <CopyText text={host.record.name} label="the record's name" />
          <CopyText text={host.record.value} label="the record's value" />
        </div>
      )}
      <FormProblem problem={prove.problem ?? drop.problem} />
      <FormDialog
        open={dropping}
        onClose={() => setDropping(false)}
        title={`Give up ${host.host}?`}
        sub="Within seconds nobody reaches the panel under it. Whoever is signed in there has to sign in under another name, passkeys made there work nowhere else, and links in mails sent so far lead nowhere. You can prove it again at any time."
        problem={drop.problem}
        onSubmit={() => void drop.run({ params }).then((answer) => answer.ok && setDropping(false))}
        cancel="Keep it"
        submit="Give up"
        danger
        pending={drop.pending}
      />
    </li>
  );
}
