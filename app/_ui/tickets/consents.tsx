'use client';
import { Eye, KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Consent, TicketDetail } from '#lib/contract/tickets.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from '../button.tsx';
import { Choice, TextArea } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { Card, Notice } from '../page.tsx';
import { Ago, Left } from '../time.tsx';
import { useCall } from '../use-call.ts';
import { chosenIn, durations, HowLong, ScopeChoices } from './consent-fields.tsx';
import { GrantDialog } from './grant-consent.tsx';
import { scopeWords } from './words.tsx';

const what = (consent: Consent) => consent.scopes.map((scope) => t(scopeWords[scope])).join(', ');

function emergencyWords({ grantedBy }: Consent, staff: boolean): string {
  if (staff) {
    return grantedBy === null
      ? t('An emergency, without the customer’s consent.')
      : t('An emergency, without the customer’s consent; {grantedBy}.', { grantedBy: said(grantedBy) });
  }
  if (grantedBy === null) return t('An emergency, without your consent.');
  return t('An emergency, without your consent; {grantedBy}.', { grantedBy: said(grantedBy) });
}

/**
 * Over a container: who of the staff may look inside now, and the way to end that; who asks to. Whose own it is reads it in words of
 * their own, and ends it themselves. `staff`: for a reader who is no customer.
 */
export function ConsentNotices({ consents, staff }: { consents: readonly Consent[]; staff: boolean }) {
  return consents
    .filter((one) => one.state === 'granted' || (one.state === 'asked' && (one.can.grant || one.mine)))
    .map((one) => <ConsentNotice key={one.id} consent={one} staff={staff} />);
}

function titleOf({ state, mine, emergency, staff, expiresAt, askedAt }: Consent): React.ReactNode {
  if (state === 'asked') {
    if (!mine) return t('{name} asks to look inside', { name: staff.name });
    return emergency
      ? t('You ask to look inside; other administrators decide')
      : t('You ask to look inside; the customer decides');
  }
  const left = <Left key="left" until={expiresAt ?? askedAt} />;
  if (mine) return rich('You may look inside for another {left}', { left });
  return rich('{name} may look inside for another {left}', { name: staff.name, left });
}

function mayWords(consent: Consent): string {
  if (consent.state === 'asked')
    return t('For {minutes} minutes, to {what}.', { minutes: consent.minutes, what: what(consent) });
  if (consent.mine) return t('You may {what}.', { what: what(consent) });
  return t('They may {what}.', { what: what(consent) });
}

function ConsentNotice({ consent, staff }: { consent: Consent; staff: boolean }) {
  const granted = consent.state === 'granted';
  return (
    <Notice
      tone={granted ? (consent.emergency ? 'bad' : 'warn') : 'busy'}
      icon={granted ? Eye : KeyRound}
      title={titleOf(consent)}
      action={<ConsentButtons consent={consent} />}
    >
      {mayWords(consent)} {consent.emergency && `${emergencyWords(consent, staff)} `}
      {t('“{note}”', { note: consent.reason })}{' '}
      {granted && consent.lastUsedAt !== null && (
        <>{rich('Last used {ago}.', { ago: <Ago key="ago" at={consent.lastUsedAt} /> })} </>
      )}
      {granted &&
        (consent.mine
          ? t('What you do there is in the audit record, with both names.')
          : t('All of it is in the audit record.'))}
    </Notice>
  );
}

function ConsentButtons({ consent }: { consent: Consent }) {
  const [granting, setGranting] = useState(false);
  const revoke = useCall('consents.revoke');
  const withdraw = useCall('consents.withdraw');
  const approve = useCall('consents.approve');
  const params = { id: consent.id };
  return (
    <>
      {consent.can.grant && !consent.emergency && (
        <Button size="small" variant="primary" onClick={() => setGranting(true)}>
          {t('Let them…')}
        </Button>
      )}
      {consent.can.approve && (
        <Button size="small" variant="danger" pending={approve.pending} onClick={() => void approve.run({ params })}>
          {t('Approve the emergency')}
        </Button>
      )}
      {consent.can.revoke && (
        <Button size="small" pending={revoke.pending} onClick={() => void revoke.run({ params })}>
          {consent.state === 'asked' ? t('No') : t('End it now')}
        </Button>
      )}
      {consent.can.withdraw && !consent.can.revoke && (
        <Button size="small" pending={withdraw.pending} onClick={() => void withdraw.run({ params })}>
          {consent.state === 'asked' ? t('Take the request back') : t('End my access')}
        </Button>
      )}
      {granting && <GrantDialog consent={consent} onClose={() => setGranting(false)} />}
    </>
  );
}

const stateWords = {
  asked: 'asked for',
  granted: 'granted',
  ended: 'ended',
  declined: 'refused',
  expired: 'over',
  withdrawn: 'taken back',
} as const;

/** In a ticket: what was asked and answered about looking inside, and the way to ask. */
export function ConsentCard({ ticket }: { ticket: TicketDetail }) {
  const [asking, setAsking] = useState(false);
  if (ticket.consents.length === 0 && !ticket.can.requestAccess) return null;
  return (
    <Card title={t('Looking inside')} icon={KeyRound} className="mt-4">
      {ticket.consents.length === 0 && (
        <p className="sub">{t('Nobody but the customer sees inside without their consent.')}</p>
      )}
      <ul className="grid gap-3">
        {ticket.consents.map((one) => (
          <li key={one.id} className="grid gap-1.5">
            <p className="[overflow-wrap:anywhere]">
              <strong className="font-semibold">{one.staff.name}</strong>: {what(one)}
              {one.emergency && ` ${t('(emergency)')}`}
            </p>
            <p className="sub">
              {t(stateWords[one.state])}
              {one.state === 'granted' &&
                one.expiresAt !== null &&
                rich(', for another {left}', { left: <Left key="left" until={one.expiresAt} /> })}
              {one.emergency &&
                one.state === 'asked' &&
                `, ${t('{n} of {needed} approvals', { n: one.approvals.length, needed: one.approvalsNeeded })}`}
            </p>
            <div className="flex flex-wrap gap-2 empty:hidden">
              <ConsentButtons consent={one} />
            </div>
          </li>
        ))}
      </ul>
      {ticket.can.requestAccess && (
        <Button className="mt-3" onClick={() => setAsking(true)}>
          {t('Ask to look inside…')}
        </Button>
      )}
      {asking && <AskDialog ticket={ticket} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function AskDialog({ ticket, onClose }: { ticket: TicketDetail; onClose: () => void }) {
  const { run, pending, problem } = useCall('tickets.requestAccess', { quiet: true });
  return (
    <FormDialog
      title={
        ticket.containerName === null
          ? t('Ask to look inside the container')
          : t('Ask to look inside {name}', { name: ticket.containerName })
      }
      sub={t('The customer decides. What you do there is in the audit record, with both names.')}
      cancel={t('Not now')}
      submit={t('{what, select, other {Ask}}', { what: 'access' })}
      pending={pending}
      problem={problem}
      onSubmit={(data) =>
        void run({
          params: { id: ticket.id },
          body: {
            ...chosenIn(data),
            reason: String(data.get('reason')),
            emergency: data.get('emergency') !== null,
          },
        }).then((answer) => answer.ok && onClose())
      }
      onClose={onClose}
    >
      <ScopeChoices scopes={['files', 'console', 'exec']} chosen={['files']} />
      <HowLong choices={durations()} defaultMinutes={60} />
      <TextArea
        name="reason"
        label={t('Why')}
        rows={3}
        required
        minLength={3}
        maxLength={1000}
        hint={t('The customer reads this.')}
      />
      <Choice
        type="checkbox"
        name="emergency"
        label={t('Emergency: without the customer')}
        hint={t('Other administrators must approve, and the customer is told at once.')}
      />
    </FormDialog>
  );
}
