'use client';
import type { WebhookDelivery } from '#lib/contract/webhooks.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { ActionsHead } from './actions-head.tsx';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { At } from './time.tsx';
import { useCall } from './use-call.ts';

const words = { waiting: 'waiting', delivered: 'delivered', failed: 'failed' } as const;
const tones = { waiting: 'busy', delivered: 'good', failed: 'bad' } as const;

/** The latest messages of one webhook. */
export function DeliveryTable(props: { deliveries: readonly WebhookDelivery[]; mayReplay: boolean }) {
  const { run, pending } = useCall('webhooks.replay');
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('Message')}</th>
          <th scope="col">{t('State')}</th>
          <th scope="col">{t('Made')}</th>
          <ActionsHead />
        </tr>
      </thead>
      <tbody>
        {props.deliveries.map((one) => (
          <tr key={one.id}>
            <td>
              <span className="font-semibold">{one.event}</span>
              <div className="sub font-mono [overflow-wrap:anywhere]">{one.id}</div>
            </td>
            <td>
              <Badge tone={tones[one.state]}>{t(words[one.state])}</Badge>
              <div className="sub">
                {one.attempts === 0
                  ? t('not tried yet')
                  : t('{n, plural, one {# attempt} other {# attempts}}', { n: one.attempts })}
                {one.problem !== null && `, ${said(one.problem)}`}
                {one.nextAttemptAt !== null && one.attempts > 0 && (
                  <>
                    {', '}
                    {rich('again {at}', { at: <At key="at" at={one.nextAttemptAt} /> })}
                  </>
                )}
              </div>
            </td>
            <td data-label={t('Made')}>
              <At at={one.createdAt} />
            </td>
            <td>
              {props.mayReplay && (
                <div className="flex justify-end">
                  <Button
                    size="small"
                    pending={pending}
                    aria-label={t('Send again message {id}', { id: one.id })}
                    onClick={() => void run({ params: { id: one.id }, body: {} })}
                  >
                    {t('Send again')}
                  </Button>
                </div>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
