'use client';
import { ArrowLeftRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Handover, HandoverState } from '#lib/contract/handovers.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { AcceptDialog } from './dialog-accept.tsx';
import { Card, Empty } from './page.tsx';
import { Ago, Left } from './time.tsx';
import { useCall } from './use-call.ts';
import type { Tone } from './words.ts';

const words: Record<HandoverState, { word: string; tone: Tone }> = {
  asked: { word: 'Waits for the giver', tone: 'warn' },
  open: { word: 'Open', tone: 'warn' },
  moving: { word: 'Handing over', tone: 'busy' },
  done: { word: 'Handed over', tone: 'good' },
  declined: { word: 'Declined', tone: 'idle' },
  withdrawn: { word: 'Withdrawn', tone: 'idle' },
  expired: { word: 'Expired', tone: 'idle' },
};

type May = { offer: boolean; consent: boolean };

/** Offers of containers, given and received: those to be decided first, with what can be done about each. */
export function Offers({ offers, may }: { offers: readonly Handover[]; may: May }) {
  const [taking, setTaking] = useState<Handover | null>(null);
  const pending = offers.filter((offer) => offer.endedAt === null);
  const over = offers.filter((offer) => offer.endedAt !== null);
  return (
    <div className="grid gap-4">
      <Card title="To be decided" flush>
        {pending.length === 0 ? (
          <Empty icon={ArrowLeftRight} title="No open offers">
            A container is handed over in its settings. What others offer you appears here, and comes by mail.
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {pending.map((offer) => (
              <Row key={offer.id} offer={offer}>
                <Decide offer={offer} may={may} onTake={() => setTaking(offer)} />
              </Row>
            ))}
          </ul>
        )}
      </Card>
      {over.length > 0 && (
        <Card title="Before" flush>
          <ul className="divide-y divide-line">
            {over.map((offer) => (
              <Row key={offer.id} offer={offer}>
                {offer.state === 'done' && offer.side !== 'giver' && may.consent && <GiveBack offer={offer} />}
              </Row>
            ))}
          </ul>
        </Card>
      )}
      {taking?.what != null && <AcceptDialog offer={taking} what={taking.what} onClose={() => setTaking(null)} />}
    </div>
  );
}

function Row({ offer, children }: { offer: Handover; children: React.ReactNode }) {
  const { word, tone } = words[offer.state];
  const mine = offer.side === 'receiver' && offer.state === 'done';
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold [overflow-wrap:anywhere]">
          {mine ? <Link href={`/containers/${offer.containerId}`}>{offer.containerName}</Link> : offer.containerName}
        </p>
        <p className="sub [overflow-wrap:anywhere]">
          {offer.from} → {offer.to}
          {offer.endedAt === null && offer.state !== 'moving' && (
            <>
              {' '}
              · <Left until={offer.expiresAt} /> left
            </>
          )}
          {offer.endedAt !== null && (
            <>
              {' '}
              · <Ago at={offer.endedAt} />
            </>
          )}
        </p>
        {offer.note !== '' && <p className="mt-1 text-[13px] [overflow-wrap:anywhere]">“{offer.note}”</p>}
        {offer.problem !== null && (
          <p className="mt-1 text-[13px] text-bad">The last try did not come to its end: {offer.problem}</p>
        )}
        {(offer.giver !== null || offer.receiver !== null) && (
          <p className="sub mt-1">
            {offer.giver !== null && `Given by ${offer.giver.by}.`}{' '}
            {offer.receiver !== null && `Taken by ${offer.receiver.by}.`}
          </p>
        )}
      </div>
      <Badge tone={tone}>{word}</Badge>
      {children}
    </li>
  );
}

function Decide({ offer, may, onTake }: { offer: Handover; may: May; onTake: () => void }) {
  const agree = useCall('handovers.agree');
  const decline = useCall('handovers.decline');
  const withdraw = useCall('handovers.withdraw');
  const params = { params: { id: offer.id }, body: {} };
  if (offer.state === 'moving') return null;
  const giver = offer.side !== 'receiver';
  return (
    <div className="flex flex-wrap gap-2">
      {offer.state === 'asked' && giver && may.consent && (
        <>
          <Button variant="danger" pending={agree.pending} onClick={() => void agree.run(params)}>
            Yes, hand it over
          </Button>
          <Button pending={decline.pending} onClick={() => void decline.run(params)}>
            No
          </Button>
        </>
      )}
      {offer.state === 'open' && offer.side === 'receiver' && may.consent && (
        <>
          <Button variant="primary" onClick={onTake}>
            Take it over…
          </Button>
          <Button pending={decline.pending} onClick={() => void decline.run(params)}>
            Decline
          </Button>
        </>
      )}
      {giver && may.offer && (offer.state === 'open' || !may.consent) && (
        <Button pending={withdraw.pending} onClick={() => void withdraw.run(params)}>
          Withdraw
        </Button>
      )}
    </div>
  );
}

function GiveBack({ offer }: { offer: Handover }) {
  const { run, pending } = useCall('handovers.offer');
  return (
    <Button
      pending={pending}
      onClick={() => void run({ params: { id: offer.containerId }, body: { to: { handoverId: offer.id } } })}
    >
      Offer it back
    </Button>
  );
}
