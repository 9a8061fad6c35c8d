'use client';
import { ArrowLeftRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Handover } from '#lib/contract/handovers.ts';
import type { Container } from '#lib/contract/rest.ts';
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
    <Card title="Another account" icon={ArrowLeftRight}>
      {open === null ? (
        <div className="grid justify-items-start gap-3">
          <p className="sub">
            A customer takes it over, or it moves to an account of its own. Both sides have to say yes.
          </p>
          <Button variant="danger" reason={reasonFor(container, 'handover') ?? null} onClick={() => setAsking(true)}>
            Hand over…
          </Button>
        </div>
      ) : (
        <p className="[overflow-wrap:anywhere]">
          {open.state === 'moving' ? 'It is being handed over to' : 'It is offered to'} <strong>{open.to}</strong>
          {open.state === 'asked' && ', once its owners say yes'}
          {open.state !== 'moving' && (
            <>
              ; <Left until={open.expiresAt} /> left
            </>
          )}
          .{' '}
          <Link className="underline underline-offset-3" href="/offers">
            See the offer
          </Link>
        </p>
      )}
      {asking && <HandoverDialog container={container} onBehalf={onBehalf} onClose={() => setAsking(false)} />}
    </Card>
  );
}
