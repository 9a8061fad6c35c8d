'use client';
import { ArrowLeftRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Handover, HandoverState } from '#lib/contract/handovers.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { AcceptDialog } from './dialog-accept.tsx';
import { Card, Empty } from './page.tsx';
import { Ago, Left } from './time.tsx';
import { useCall } from './use-call.ts';
import type { Tone } from './words.ts';

// “Open” is also what one does to a file: a message that only offers have keeps the two apart.
const words = {
  asked: { word: 'Waits for the giver', tone: 'warn' },
  open: { word: '{offer, select, other {Open}}', tone: 'warn' },
  moving: { word: 'Handing over', tone: 'busy' },
  done: { word: 'Handed over', tone: 'good' },
  declined: { word: 'Declined', tone: 'idle' },
  withdrawn: { word: 'Withdrawn', tone: 'idle' },
  expired: { word: 'Expired', tone: 'idle' },
} as const satisfies Record<HandoverState, { word: string; tone: Tone }>;

type May = { offer: boolean; consent: boolean };

/** Offers of containers, given and received: those to be decided first, with what can be done about each. */
export function Offers({ offers, may }: { offers: readonly Handover[]; may: May }) {
  const [taking, setTaking] = useState<Handover | null>(null);
  const pending = offers.filter((offer) => offer.endedAt === null);
  const over = offers.filter((offer) => offer.endedAt !== null);
  return (
    <div className="grid gap-4">
      <Card title={t('To be decided')} flush>
        {pending.length === 0 ? (
          <Empty icon={ArrowLeftRight} title={t('No open offers')}>
            {t('A container is handed over in its settings. What others offer you appears here, and comes by mail.')}
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
        <Card title={t('{offer, select, other {Before}}', { offer: '' })} flush>
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
            <> · {rich('{left} left', { left: <Left key="left" until={offer.expiresAt} /> })}</>
          )}
          {offer.endedAt !== null && (
            <>
              {' '}
              · <Ago at={offer.endedAt} />
            </>
          )}
        </p>
        {offer.note !== '' && (
          <p className="mt-1 text-[13px] [overflow-wrap:anywhere]">{t('“{note}”', { note: offer.note })}</p>
        )}
        {offer.problem !== null && (
          <p className="mt-1 text-[13px] text-bad">
            {t('The last try did not come to its end: {problem}', { problem: said(offer.problem) })}
          </p>
        )}
        {(offer.giver !== null || offer.receiver !== null) && (
          <p className="sub mt-1">
            {offer.giver !== null && t('Given by {name}.', { name: offer.giver.by })}{' '}
            {offer.receiver !== null && t('Taken by {name}.', { name: offer.receiver.by })}
          </p>
        )}
      </div>
      <Badge tone={tone}>{t(word, { offer: '' })}</Badge>
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
            {t('Yes, hand it over')}
          </Button>
          <Button pending={decline.pending} onClick={() => void decline.run(params)}>
            {t('No')}
          </Button>
        </>
      )}
      {offer.state === 'open' && offer.side === 'receiver' && may.consent && (
        <>
          <Button variant="primary" onClick={onTake}>
            {t('Take it over…')}
          </Button>
          <Button pending={decline.pending} onClick={() => void decline.run(params)}>
            {t('Decline')}
          </Button>
        </>
      )}
      {giver && may.offer && (offer.state === 'open' || !may.consent) && (
        <Button pending={withdraw.pending} onClick={() => void withdraw.run(params)}>
          {t('Withdraw')}
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
      {t('Offer it back')}
    </Button>
  );
}
