'use client';
import { ArrowLeftRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import type { Handover } from '#lib/contract/handovers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { HandoverDialog } from './dialog-handover.tsx';
import { Card } from './page.tsx';
import { Left } from './time.tsx';

/** In a container's settings: how it goes to another account, or to whom it is offered. */
export function HandoverCard({
  container,
  open,
  onBehalf,
}: {
  container: Container;
  open: Handover | null;
  onBehalf: boolean;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <Card title={t('Another account')} icon={ArrowLeftRight}>
      {open === null ? (
        <div className="grid justify-items-start gap-3">
          <p className="sub">
            {t('A customer takes it over, or it moves to an account of its own. Both sides have to say yes.')}
          </p>
          <Button variant="danger" reason={reasonFor(container, 'handover') ?? null} onClick={() => setAsking(true)}>
            {t('Hand over…')}
          </Button>
        </div>
      ) : (
        <p className="[overflow-wrap:anywhere]">
          {rich(
            open.state === 'moving'
              ? 'It is being handed over to <b>{to}</b>.'
              : open.state === 'asked'
                ? 'It is offered to <b>{to}</b>, once its owners say yes; {left} left.'
                : 'It is offered to <b>{to}</b>; {left} left.',
            {
              to: open.to,
              b: (inner) => <strong key="b">{inner}</strong>,
              left: <Left key="left" until={open.expiresAt} />,
            },
          )}{' '}
          <Link className="underline underline-offset-3" href="/offers">
            {t('See the offer')}
          </Link>
        </p>
      )}
      {asking && <HandoverDialog container={container} onBehalf={onBehalf} onClose={() => setAsking(false)} />}
    </Card>
  );
}
