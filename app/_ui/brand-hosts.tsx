'use client';
import { useState } from 'react';
import type { Brand, BrandHost } from '#lib/contract/brands.ts';
import { t } from '#lib/language/text.ts';
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
    <Card title={t('Host names')}>
      <p className="sub mb-3">
        {t(
          'Your tenants reach the panel under these, and are signed in under the one they used. Links in mails lead to the one that was proven first.',
        )}
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
          <TextField
            name="host"
            label={t('{what, select, other {Another name}}', { what: 'host' })}
            placeholder="panel.example.net"
            autoCapitalize="none"
            required
          />
          <Button type="submit" pending={pending}>
            {t('Add')}
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
          {host.provenAt === null ? t('not proven yet') : t('proven')}
        </Badge>
        <span className="ml-auto flex flex-wrap gap-2">
          {host.provenAt === null && (
            <Button
              size="small"
              pending={prove.pending}
              aria-label={t('Look for the proof of {host}', { host: host.host })}
              onClick={() =>
                void prove
                  .run({ params, body: {} })
                  .then((answer) => answer.ok && notifyDone(t('{host} is yours.', { host: host.host })))
              }
            >
              {t('Look for the proof')}
            </Button>
          )}
          <Button
            size="small"
            aria-label={t('Give up {host}', { host: host.host })}
            onClick={() => (host.provenAt === null ? void drop.run({ params }) : setDropping(true))}
          >
            {t('Give up')}
          </Button>
        </span>
      </div>
      {host.provenAt === null && (
        <div className="grid min-w-0 gap-1 text-[13px]">
          <span className="text-muted">{t('Set this TXT record at whoever keeps the name:')}</span>
          <CopyText text={host.record.name} label={t("the record's name")} />
          <CopyText text={host.record.value} label={t("the record's value")} />
        </div>
      )}
      <FormProblem problem={prove.problem ?? drop.problem} />
      <FormDialog
        open={dropping}
        onClose={() => setDropping(false)}
        title={t('Give up {host}?', { host: host.host })}
        sub={t(
          'Within seconds nobody reaches the panel under it. Whoever is signed in there has to sign in under another name, passkeys made there work nowhere else, and links in mails sent so far lead nowhere. You can prove it again at any time.',
        )}
        problem={drop.problem}
        onSubmit={() => void drop.run({ params }).then((answer) => answer.ok && setDropping(false))}
        cancel={t('Keep it')}
        submit={t('Give up')}
        danger
        pending={drop.pending}
      />
    </li>
  );
}
