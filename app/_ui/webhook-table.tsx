'use client';
import Link from 'next/link';
import { useState } from 'react';
import type { Webhook, WebhookEvent } from '#lib/contract/webhooks.ts';
import { type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { ActionsHead } from './actions-head.tsx';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { notifyDone } from './notify.tsx';
import { useCall } from './use-call.ts';

const ends = {
  'operation.succeeded': 'succeeded',
  'operation.failed': 'failed',
  'operation.cancelled': 'cancelled',
  'operation.stuck': 'stuck',
} as const satisfies Record<WebhookEvent, Text>;

/** Webhooks with whether they are on, and why not. */
export function WebhookTable(props: { webhooks: readonly Webhook[]; shown: string | null; mayChange: boolean }) {
  const [deleted, setDeleted] = useState<Webhook | null>(null);
  const test = useCall('webhooks.test');
  const set = useCall('webhooks.set');
  const remove = useCall('webhooks.delete');
  return (
    <div className="card">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('Address')}</th>
            <th scope="col">{t('Told when an operation')}</th>
            <th scope="col">{t('State')}</th>
            <ActionsHead />
          </tr>
        </thead>
        <tbody>
          {props.webhooks.map((webhook) => (
            <tr key={webhook.id}>
              <td className="font-semibold [overflow-wrap:anywhere]">{webhook.url}</td>
              <td>{webhook.events.map((event) => t(ends[event])).join(', ')}</td>
              <td>
                <Badge tone={webhook.enabled ? 'good' : 'idle'}>{webhook.enabled ? t('on') : t('off')}</Badge>
                {webhook.problem !== null && (
                  <div className="sub [overflow-wrap:anywhere]">{said(webhook.problem)}</div>
                )}
              </td>
              <td>
                <div className="flex flex-wrap justify-end gap-2">
                  <Link
                    className="self-center px-1 underline underline-offset-3"
                    href={props.shown === webhook.id ? '/account/webhooks' : `/account/webhooks?log=${webhook.id}`}
                    aria-label={
                      props.shown === webhook.id
                        ? t('Hide what {url} was told', { url: webhook.url })
                        : t('Show what {url} was told', { url: webhook.url })
                    }
                  >
                    {props.shown === webhook.id ? t('Hide log') : t('Log')}
                  </Link>
                  {props.mayChange && (
                    <>
                      <Button
                        size="small"
                        pending={test.pending}
                        reason={webhook.enabled ? null : t('It is turned off.')}
                        onClick={() =>
                          void test
                            .run({ params: { id: webhook.id }, body: {} })
                            .then(
                              (answer) => answer.ok && notifyDone(t('A test is on its way. The log says how it went.')),
                            )
                        }
                      >
                        {t('Test')}
                      </Button>
                      <Button
                        size="small"
                        pending={set.pending}
                        onClick={() =>
                          void set.run({ params: { id: webhook.id }, body: { enabled: !webhook.enabled } })
                        }
                      >
                        {webhook.enabled ? t('Turn off') : t('Turn on')}
                      </Button>
                      <Button size="small" onClick={() => setDeleted(webhook)}>
                        {t('Delete…')}
                      </Button>
                    </>
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dialog
        open={deleted !== null}
        onClose={() => setDeleted(null)}
        title={t('Delete this webhook?')}
        sub={t(
          'Its log and its secret go with it; what it has not been told yet it will not be. This cannot be undone.',
        )}
      >
        <p className="[overflow-wrap:anywhere]">{deleted?.url}</p>
        <DialogFoot>
          <Button onClick={() => setDeleted(null)}>{t('Keep it')}</Button>
          <Button
            variant="danger"
            pending={remove.pending}
            onClick={() =>
              deleted !== null &&
              void remove.run({ params: { id: deleted.id } }).then((answer) => answer.ok && setDeleted(null))
            }
          >
            {t('Delete')}
          </Button>
        </DialogFoot>
      </Dialog>
    </div>
  );
}
