'use client';
import { UserCheck } from 'lucide-react';
import { useState } from 'react';
import type { Identities } from '#lib/contract/identity.ts';
import { rich, t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { Button } from './button.tsx';
import { FormProblem } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';
import { useSubmit } from './use-submit.ts';

type Identity = Identities['items'][number];
/** Who else signs the person in. */
export function IdentityCard({ identities, problem: came }: { identities: Identities; problem: string | null }) {
  const [removing, setRemoving] = useState<Identity | null>(null);
  const { pending, problem, submit } = useSubmit();
  const connect = (providerId: string) =>
    void submit(
      () => call('me.identities.begin', { body: { providerId } }),
      ({ url }) => window.location.assign(url),
    );
  return (
    <Card title={t('Signing in elsewhere')} icon={UserCheck} flush>
      {came !== null && (
        <p role="alert" className="mx-4 mb-2 rounded-control bg-bad-soft p-3 text-[13px] text-bad">
          {came}
        </p>
      )}
      {identities.items.length > 0 && (
        <ul className="divide-y divide-line border-b border-line">
          {identities.items.map((one) => (
            <li key={one.id} className="flex items-center gap-3 px-4 py-2.5">
              <div className="mr-auto min-w-0">
                <p className="font-[550] [overflow-wrap:anywhere]">{one.name}</p>
                <p className="sub">
                  {one.lastUsedAt === null
                    ? rich('since {at}', { at: <At key="at" at={one.createdAt} /> })
                    : rich('since {at} · used {ago}', {
                        at: <At key="at" at={one.createdAt} />,
                        ago: <Ago key="ago" at={one.lastUsedAt} />,
                      })}
                </p>
              </div>
              <Button
                size="small"
                aria-label={t('Disconnect {name}', { name: one.name })}
                onClick={() => setRemoving(one)}
              >
                {t('Disconnect…')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3 px-4 pt-3 pb-4">
        <p className="sub grow basis-72">
          {t('Whoever is you there is you here: connect only what you trust as much as your password.')}
        </p>
        {identities.offered.map((one) => (
          <Button key={one.id} pending={pending} onClick={() => connect(one.id)}>
            {t('Connect {name}', { name: one.name })}
          </Button>
        ))}
        <FormProblem problem={problem} />
      </div>
      {removing !== null && <DisconnectDialog identity={removing} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

function DisconnectDialog({ identity, onClose }: { identity: Identity; onClose: () => void }) {
  const { run, pending, problem } = useCall('me.identities.remove', { quiet: true });
  return (
    <FormDialog
      onClose={onClose}
      title={t('Disconnect {name}?', { name: identity.name })}
      sub={t(
        'It signs you in no more, roles that followed from your groups there go, and other sessions that it opened end. You can connect it again.',
      )}
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: identity.id } }).then((answer) => {
          if (!answer.ok) return;
          notifyDone(t('{name} was disconnected.', { name: identity.name }));
          onClose();
        })
      }
      cancel={t('Keep it')}
      submit={t('Disconnect')}
      danger
      pending={pending}
    />
  );
}
