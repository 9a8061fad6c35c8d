'use client';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { Member } from '#lib/contract/members.ts';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { count } from './format.ts';
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
  const words = without === 0 ? 'Everybody has one.' : `${count(without, 'member has', 'members have')} none.`;
  return (
    <Card title="Second factor" icon={ShieldCheck} className="mt-4">
      <div className="flex flex-wrap items-center gap-3">
        <p className="mr-auto basis-72">
          {requireFactor ? (
            <>
              <strong className="font-semibold text-good">Required</strong> of everybody here. {words}
            </>
          ) : (
            <>Not required: a password is enough. {words}</>
          )}
        </p>
        {mayManage && (
          <Button onClick={() => setAsking(true)}>{requireFactor ? 'Require no longer…' : 'Require it…'}</Button>
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
      title={require ? 'Require a second factor of everybody?' : 'Require a second factor no longer?'}
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: tenantId }, body: { requireFactor: require } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(require ? 'A second factor is required from now on.' : 'It is required no longer.');
        })
      }
      cancel="Not now"
      submit={require ? 'Require it' : 'Require it no longer'}
      pending={pending}
    >
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={
            require
              ? [
                  without === 0
                    ? 'whoever joins sets one up before anything else.'
                    : `${count(without, 'member')} without one: for them nothing is open but the page that sets one up, from now on. Their tokens and consoles wait too.`,
                ]
              : ['a password is enough to sign in for whoever turns theirs off.']
          }
          keeps={[require ? 'service accounts and containers: they go on.' : 'the second factor of whoever has one.']}
          undo="at any time, here."
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
      title={`Take the second factor of ${member.name}?`}
      sub="Only after you have made sure, by another way than mail, that it is they who ask."
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: member.id } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(`The second factor of ${member.name} is gone.`);
        })
      }
      cancel="Keep it"
      submit="Take it"
      danger
      pending={pending}
    >
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={['their password alone signs them in. They are signed out everywhere, and told by mail who did this.']}
          keeps={['their password, roles and tokens.']}
          undo="none; they set up another second factor themselves."
        />
      </div>
    </FormDialog>
  );
}
