'use client';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '#lib/contract/members.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

type Props = { tenantId: string; requireFactor: boolean; members: readonly Member[]; mayManage: boolean };

/** Whether an account asks its people for a second factor, who has none yet, and the switch for it. */
export function AccountSecurityCard({ tenantId, requireFactor, members, mayManage }: Props) {
  const [asking, setAsking] = useState(false);
  const people = members.filter((one) => one.kind === 'person' && one.state === 'member');
  const without = people.filter((one) => !one.factor).length;
  const words =
    without === 0
      ? t('Everybody has one.')
      : t('{n, plural, one {# member has} other {# members have}} none.', { n: without });
  return (
    <Card title={t('Second factor')} icon={ShieldCheck} className="mt-4">
      <div className="flex flex-wrap items-center gap-3">
        <p className="mr-auto basis-72">
          {requireFactor ? (
            <>
              {rich<React.ReactNode>('<b>Required</b> of everybody here.', {
                b: (inner) => (
                  <strong key="b" className="font-semibold text-good">
                    {inner}
                  </strong>
                ),
              })}{' '}
              {words}
            </>
          ) : (
            <>
              {t('Not required: a password is enough.')} {words}
            </>
          )}
        </p>
        {mayManage && (
          <Button onClick={() => setAsking(true)}>{requireFactor ? t('Require no longer…') : t('Require it…')}</Button>
        )}
      </div>
      {asking && (
        <RequireDialog
          tenantId={tenantId}
          require={!requireFactor}
          without={without}
          onClose={() => setAsking(false)}
        />
      )}
    </Card>
  );
}

function RequireDialog({
  tenantId,
  require,
  without,
  onClose,
}: {
  tenantId: string;
  require: boolean;
  without: number;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('tenants.setSecurity', { quiet: true });
  return (
    <FormDialog
      onClose={onClose}
      title={require ? t('Require a second factor of everybody?') : t('Require a second factor no longer?')}
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: tenantId }, body: { requireFactor: require } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(require ? t('A second factor is required from now on.') : t('It is required no longer.'));
        })
      }
      cancel={t('Not now')}
      submit={require ? t('Require it') : t('Require it no longer')}
      pending={pending}
    >
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={
            require
              ? [
                  without === 0
                    ? t('whoever joins sets one up before anything else.')
                    : t(
                        '{n, plural, one {# member} other {# members}} without one: for them nothing is open but the page that sets one up, from now on. Their tokens and consoles wait too.',
                        { n: without },
                      ),
                ]
              : [t('a password is enough to sign in for whoever turns theirs off.')]
          }
          keeps={[
            require ? t('service accounts and containers: they go on.') : t('the second factor of whoever has one.'),
          ]}
          undo={t('at any time, here.')}
        />
      </div>
    </FormDialog>
  );
}

/** Lets somebody in again who has neither phone nor recovery codes. For administrators. */
export function ResetFactorDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { run, pending, problem } = useCall('people.resetFactor', { quiet: true });
  return (
    <FormDialog
      onClose={onClose}
      title={t('Take the second factor of {name}?', { name: member.name })}
      sub={t('Only after you have made sure, by another way than mail, that it is they who ask.')}
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: member.id } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(t('The second factor of {name} is gone.', { name: member.name }));
        })
      }
      cancel={t('Keep it')}
      submit={t('Take it')}
      danger
      pending={pending}
    >
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            t('their password alone signs them in. They are signed out everywhere, and told by mail who did this.'),
          ]}
          keeps={[t('their password, roles and tokens.')]}
          undo={t('none; they set up another second factor themselves.')}
        />
      </div>
    </FormDialog>
  );
}
