'use client';
import type { WebhookDelivery } from '#lib/contract/webhooks.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { count } from './format.ts';
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
          <th scope="col">Message</th>
          <th scope="col">State</th>
          <th scope="col">Made</th>
          <th scope="col">
            <span className="sr-only">Actions</span>
          </th>
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
              <Badge tone={tones[one.state]}>{words[one.state]}</Badge>
              <div className="sub">
                {one.attempts === 0 ? 'not tried yet' : count(one.attempts, 'attempt')}
                {one.problem !== null && `, ${one.problem}`}
                {one.nextAttemptAt !== null && one.attempts > 0 && (
                  <>
                    , again <At at={one.nextAttemptAt} />
                  </>
                )}
              </div>
            </td>
            <td data-label="Made">
              <At at={one.createdAt} />
            </td>
            <td>
              {props.mayReplay && (
                <div className="flex justify-end">
                  <Button
                    size="small"
                    pending={pending}
                    aria-label={`Send message ${one.id} again`}
                    onClick={() => void run({ params: { id: one.id }, body: {} })}
                  >
                    Send again
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
