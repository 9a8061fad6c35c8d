'use client';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { type Hold, type HoldReason, holdWords } from '#lib/contract/holds.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from '../badge.tsx';
import { Button } from '../button.tsx';
import { Choice, TextArea } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { notifyDone } from '../notify.tsx';
import { Card } from '../page.tsx';
import { Ago } from '../time.tsx';
import { useCall } from '../use-call.ts';
import { inSentence } from './in-sentence.ts';

type Over = { kind: 'container' | 'tenant'; id: string; name: string };

/** What holds a container or a tenant, for those who put and lift holds. `may`: the reasons that are the reader's. */
export function HoldCard({ over, holds, may }: { over: Over; holds: readonly Hold[]; may: readonly HoldReason[] }) {
  const [placing, setPlacing] = useState(false);
  const [lifting, setLifting] = useState<Hold | null>(null);
  const here = holds.filter((one) => one.over === over.kind).map((one) => one.reason);
  const left = may.filter((reason) => !here.includes(reason));
  return (
    <Card title={t('Holds')} icon={Ban} flush>
      {holds.length > 0 && (
        <ul className="divide-y divide-line border-b border-line">
          {holds.map((hold) => (
            <li key={hold.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-2.5">
              <div className="min-w-0 flex-1 basis-52">
                <p className="flex flex-wrap items-center gap-2 font-[550]">
                  {said(holdWords[hold.reason].staff)}
                  <Badge tone={hold.stop ? 'bad' : 'warn'}>{hold.stop ? t('stopped') : t('left running')}</Badge>
                  {hold.over === 'tenant' && over.kind === 'container' && (
                    <Badge tone="idle">{t('all of the tenant')}</Badge>
                  )}
                </p>
                {hold.message !== null && (
                  <p className="whitespace-pre-line [overflow-wrap:anywhere]">{hold.message}</p>
                )}
                <p className="sub">
                  <Ago at={hold.placedAt} />
                  {hold.placedBy !== null && ` ${t('by {name}', { name: hold.placedBy })}`}
                </p>
              </div>
              <Button
                size="small"
                aria-label={t('Lift the hold for {reason}', { reason: said(holdWords[hold.reason].staff) })}
                reason={liftReason(hold, over)}
                onClick={() => setLifting(hold)}
              >
                {t('Lift…')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <p className="sub min-w-0 flex-1 basis-44">
          {holds.length === 0 ? `${t('None.')} ` : ''}
          {t('With a hold its people can only look.')}
        </p>
        <Button reason={placeReason(may, left)} onClick={() => setPlacing(true)}>
          {t('Put on hold…')}
        </Button>
      </div>
      {placing && <PlaceDialog over={over} reasons={left} onClose={() => setPlacing(false)} />}
      {lifting !== null && (
        <LiftDialog over={over} hold={lifting} others={holds.length - 1} onClose={() => setLifting(null)} />
      )}
    </Card>
  );
}

function placeReason(may: readonly HoldReason[], left: readonly HoldReason[]): string | null {
  if (may.length === 0) return t('You have no right to put holds here.');
  return left.length === 0 ? t('There is one for each of your reasons.') : null;
}

function liftReason(hold: Hold, over: Over): string | null {
  if (!hold.canLift)
    return t('Holds for "{reason}" are lifted by those who may put them.', {
      reason: said(holdWords[hold.reason].staff),
    });
  if (hold.over !== over.kind) return t('It is on all of the tenant: lift it on the page of the tenant.');
  return null;
}

function PlaceDialog({ over, reasons, onClose }: { over: Over; reasons: readonly HoldReason[]; onClose: () => void }) {
  const container = useCall('holds.place', { quiet: true });
  const tenant = useCall('tenantHolds.place', { quiet: true });
  const { run, pending, problem } = over.kind === 'container' ? container : tenant;
  const single = over.kind === 'container';
  const submit = (data: FormData) => {
    const message = String(data.get('message')).trim();
    const body = {
      reason: String(data.get('reason')) as HoldReason,
      message: message === '' ? null : message,
      stop: data.get('stop') === 'yes',
    };
    void run({ params: { id: over.id }, body }).then((answer) => {
      if (!answer.ok) return;
      onClose();
      notifyDone(t('{name} is on hold.', { name: over.name }));
    });
  };
  return (
    <FormDialog
      onClose={onClose}
      title={t('Put {name} on hold?', { name: over.name })}
      sub={t(
        'Its people can only look from their next click on; open consoles end within two seconds. Files and backups are kept.',
      )}
      problem={problem}
      onSubmit={submit}
      cancel={t('Not now')}
      submit={t('Put on hold')}
      danger
      pending={pending}
    >
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('Why')}</legend>
        {reasons.map((reason, n) => (
          <Choice
            key={reason}
            type="radio"
            name="reason"
            value={reason}
            defaultChecked={n === 0}
            label={said(holdWords[reason].staff)}
            hint={t('They read: “{title}”.', { title: said(holdWords[reason].title) })}
          />
        ))}
      </fieldset>
      <TextArea
        name="message"
        label={t('Message to its people')}
        rows={3}
        maxLength={500}
        hint={t('Shown above their pages with today’s date. Say what they can do about it.')}
      />
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('Meanwhile')}</legend>
        <Choice
          type="radio"
          name="stop"
          value="yes"
          defaultChecked
          label={single ? t('The container is stopped') : t('Its containers are stopped')}
          hint={t('By their own shutdown. What was wanted comes back when the last such hold is lifted.')}
        />
        <Choice
          type="radio"
          name="stop"
          value="no"
          label={single ? t('The container is left running') : t('Its containers are left running')}
        />
      </fieldset>
    </FormDialog>
  );
}

function LiftDialog({
  over,
  hold,
  others,
  onClose,
}: {
  over: Over;
  hold: Hold;
  /** Holds that stay. */
  others: number;
  onClose: () => void;
}) {
  const container = useCall('holds.lift', { quiet: true });
  const tenant = useCall('tenantHolds.lift', { quiet: true });
  const { run, pending, problem } = over.kind === 'container' ? container : tenant;
  return (
    <FormDialog
      onClose={onClose}
      title={t('Lift the hold for {reason}?', { reason: inSentence(said(holdWords[hold.reason].staff)) })}
      sub={
        others > 0
          ? t('Another hold stays, so its people can still only look.')
          : hold.stop
            ? t('Its people can work again, and what ran before is started.')
            : t('Its people can work again.')
      }
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: over.id }, query: { reason: hold.reason } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(t('The hold is lifted.'));
        })
      }
      cancel={t('Leave it')}
      submit={t('Lift it')}
      pending={pending}
    />
  );
}
