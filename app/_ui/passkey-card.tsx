'use client';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { Factor } from '#lib/contract/factors.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { deviceName } from './device.ts';
import { Dialog } from './dialog.tsx';
import { RecoveryCodes } from './factor-setup.tsx';
import { TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useRefresh } from './live.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { makePasskey } from './passkey.ts';
import { PasswordField } from './secret-fields.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';
import { useSubmit } from './use-submit.ts';

type Passkey = Factor['passkeys'][number];

/** Keys in a device that sign in without a password. `password`: whether they have one besides. */
export function PasskeyCard({ factor, password }: { factor: Factor; password: boolean }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const { passkeys, passkeysPossible } = factor;
  return (
    <Card title={t('Passkeys')} icon={KeyRound} flush>
      {passkeys.length > 0 && (
        <ul className="divide-y divide-line">
          {passkeys.map((one) => (
            <li key={one.id} className="flex items-center gap-3 px-4 py-2.5">
              <div className="mr-auto min-w-0">
                <p className="font-[550] [overflow-wrap:anywhere]">{one.name}</p>
                <p className="sub">
                  {one.lastUsedAt === null
                    ? rich('since {at} · never used', { at: <At key="at" at={one.createdAt} /> })
                    : rich('since {at} · used {ago}', {
                        at: <At key="at" at={one.createdAt} />,
                        ago: <Ago key="ago" at={one.lastUsedAt} />,
                      })}
                </p>
              </div>
              <Button
                size="small"
                aria-label={t('Remove the passkey {name}', { name: one.name })}
                onClick={() => setRemoving(one)}
              >
                {t('Remove…')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div
        className={cx(
          'flex flex-wrap items-center gap-3 px-4 pt-2 pb-4',
          passkeys.length > 0 && 'border-t border-line pt-3',
        )}
      >
        <p className="sub grow basis-72">
          {t(
            'A key in your phone, computer or stick, unlocked there by finger, face or PIN. It signs in without a password, works on this panel alone, and cannot be typed into a false one.',
          )}{' '}
          {password && t('With one, your password alone signs you in no more.')}
        </p>
        <Button
          onClick={() => setAdding(true)}
          reason={passkeysPossible ? null : t('Passkeys need a panel that is reached by a host name and TLS.')}
        >
          {t('Add a passkey')}
        </Button>
      </div>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      {removing !== null && <RemoveDialog passkey={removing} password={password} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh();
  const added = () => {
    notifyDone(t('The passkey was added.'));
    refresh();
    onClose();
  };
  return <AddPasskey onClose={onClose} onAdded={added} />;
}

/** Has a passkey made; `onAdded` once it is there, and the recovery codes that came with the first were seen. */
export function AddPasskey({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { pending, problem, submit } = useSubmit();
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null) {
    return (
      <Dialog open onClose={onAdded} title={t('The passkey works')}>
        <RecoveryCodes codes={codes} onDone={onAdded} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      onClose={onClose}
      title={t('Add a passkey')}
      sub={t('The browser asks next where to keep it.')}
      problem={problem}
      onSubmit={(data) =>
        void submit(
          () => makePasskey(String(data.get('name')).trim()),
          ({ recoveryCodes }) => (recoveryCodes.length > 0 ? setCodes(recoveryCodes) : onAdded()),
        )
      }
      cancel={t('Not now')}
      submit={t('Go on')}
      pending={pending}
    >
      <TextField
        name="name"
        label={t('What you call it')}
        required
        maxLength={60}
        autoFocus
        autoComplete="off"
        defaultValue={deviceName(navigator.userAgent)}
      />
    </FormDialog>
  );
}

function RemoveDialog(props: { passkey: Passkey; password: boolean; onClose: () => void }) {
  const { passkey, password, onClose } = props;
  const { run, pending, problem } = useCall('me.passkeys.remove', { quiet: true });
  return (
    <FormDialog
      onClose={onClose}
      title={t('Remove {name}?', { name: passkey.name })}
      sub={t('It signs in no more. Remove it in the device too, so that it is not offered there.')}
      problem={problem}
      onSubmit={(data) =>
        void run({ params: { id: passkey.id }, body: { password: String(data.get('password') ?? '') } }).then(
          (answer) => {
            if (!answer.ok) return;
            notifyDone(t('{name} was removed.', { name: passkey.name }));
            onClose();
          },
        )
      }
      cancel={t('Keep it')}
      submit={t('Remove')}
      danger
      pending={pending}
    >
      {password && <PasswordField autoFocus />}
    </FormDialog>
  );
}
