'use client';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useState } from 'react';
import type { Factor } from '#lib/contract/factors.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { FactorSetup, RecoveryCodes } from './factor-setup.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useRefresh } from './live.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { CodeField, PasswordField } from './secret-fields.tsx';
import { At } from './time.tsx';
import { useCall } from './use-call.ts';

type Asked = 'set-up' | 'codes' | 'off';
/** With fewer, it is time for new ones. */
const fewCodes = 3;

/** The second factor of one's own sign-in: whether there is one, and everything that can be done about it. `password`: whether they have one. */
export function FactorCard({ factor, password }: { factor: Factor; password: boolean }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const refresh = useRefresh();
  const { authenticator, passkeys, recoveryCodesLeft, required } = factor;
  const any = authenticator !== null || passkeys.length > 0;
  const close = () => {
    setAsked(null);
    refresh();
  };
  const why = required.map((one) => (one.by === 'role' ? said(one.name) : one.name)).join(', ');
  return (
    <Card title={t('Second factor')} icon={any ? ShieldCheck : ShieldOff}>
      <div className="grid gap-3">
        {authenticator === null ? (
          <p>{without(passkeys.length > 0, password)}</p>
        ) : (
          <p>
            {rich('<b>On.</b> A sign-in asks for a code of your authenticator app, since {at}.', {
              b: (inner) => (
                <strong key="b" className="font-semibold text-good">
                  {inner}
                </strong>
              ),
              at: <At key="at" at={authenticator.since} />,
            })}
          </p>
        )}
        {any && (
          <p className={recoveryCodesLeft < fewCodes ? 'font-[550] text-warn' : 'text-muted'}>
            {recoveryCodesLeft === 0
              ? t(
                  'No recovery code is left: if you lose your device, only an administrator lets you in again. Make new ones.',
                )
              : t(
                  '{n, plural, one {# recovery code is} other {# recovery codes are}} left, for when you do not have your device.',
                  { n: recoveryCodesLeft },
                )}
          </p>
        )}
        <div className="flex flex-wrap gap-2">
          {authenticator === null && (
            <Button variant="primary" onClick={() => setAsked('set-up')}>
              {t('Set up an authenticator app')}
            </Button>
          )}
          {any && <Button onClick={() => setAsked('codes')}>{t('New recovery codes…')}</Button>}
          {authenticator !== null && (
            <>
              <Button onClick={() => setAsked('set-up')}>{t('Another phone…')}</Button>
              <Button
                variant="quiet"
                onClick={() => setAsked('off')}
                reason={required.length === 0 || passkeys.length > 0 ? null : t('It is asked of you: {why}.', { why })}
              >
                {t('Turn off…')}
              </Button>
            </>
          )}
        </div>
      </div>
      {required.length > 0 && <p className="sub mt-3">{t('Asked of you by: {why}.', { why })}</p>}
      <Dialog
        open={asked === 'set-up'}
        onClose={close}
        title={authenticator === null ? t('Set up an authenticator app') : t('Another phone')}
      >
        <FactorSetup replaces={authenticator !== null} onDone={close} />
      </Dialog>
      {asked === 'codes' && <CodesDialog onClose={close} />}
      {asked === 'off' && <OffDialog password={password} onClose={close} />}
    </Card>
  );
}

/** What it means that there is no authenticator app. */
function without(passkeys: boolean, password: boolean): string {
  if (passkeys && password)
    return t(
      'Your passkeys are your second factor: the password alone signs you in no more. An authenticator app is another way in, where they are not at hand.',
    );
  if (passkeys)
    return t(
      'Your passkeys are your second factor. An authenticator app is another way in, where they are not at hand.',
    );
  if (password)
    return t(
      'Your password is all it takes to sign in as you. With a second factor, whoever learns it still cannot: a code of an app on your phone is asked for too.',
    );
  return t(
    'You have no password: another service says that it is you, and that is all it takes. With a second factor, whoever is you there still is not here: a code of an app on your phone is asked for too.',
  );
}

function CodesDialog({ onClose }: { onClose: () => void }) {
  const { run, pending, problem } = useCall('me.factor.renewCodes', { quiet: true });
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null) {
    return (
      <Dialog open onClose={onClose} title={t('New recovery codes')}>
        <RecoveryCodes codes={codes} onDone={onClose} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      onClose={onClose}
      title={t('New recovery codes')}
      sub={t('Those you have now will work no more.')}
      problem={problem}
      onSubmit={(data) =>
        void run({ body: { code: String(data.get('code')).trim() } }).then(
          (answer) => answer.ok && setCodes(answer.value.recoveryCodes),
        )
      }
      cancel={t('Not now')}
      submit={t('Make new ones')}
      pending={pending}
    >
      <CodeField autoFocus hint={t('Of your authenticator app, or one of the old recovery codes.')} />
    </FormDialog>
  );
}

function OffDialog({ password, onClose }: { password: boolean; onClose: () => void }) {
  const { run, pending, problem } = useCall('me.factor.turnOff', { quiet: true });
  return (
    <FormDialog
      onClose={onClose}
      title={t('Turn the second factor off?')}
      sub={
        password
          ? t(
              'No code is asked for from then on. Without a passkey your password alone signs you in, you and whoever learns it, and the recovery codes go too.',
            )
          : t(
              'No code is asked for from then on, whoever says that it is you. Without a passkey the recovery codes go too.',
            )
      }
      problem={problem}
      onSubmit={(data) =>
        void run({
          body: { password: String(data.get('password') ?? ''), code: String(data.get('code')).trim() },
        }).then((answer) => {
          if (!answer.ok) return;
          notifyDone(t('The second factor is off.'));
          onClose();
        })
      }
      cancel={t('Keep it')}
      submit={t('Turn off')}
      danger
      pending={pending}
    >
      {password && <PasswordField autoFocus />}
      <CodeField autoFocus={!password} hint={t('Of your authenticator app, or a recovery code.')} />
    </FormDialog>
  );
}
