'use client';
import { useState } from 'react';
import type { FactorStarted } from '#lib/contract/factors.ts';
import { rich, t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { Button, DownloadButton } from './button.tsx';
import { CopyText } from './copy.tsx';
import { DialogFoot } from './dialog.tsx';
import { Form, FormProblem } from './form.tsx';
import { QrCode } from './qr-code.tsx';
import { AppCodeField, CodeField } from './secret-fields.tsx';
import { useSubmit } from './use-submit.ts';

/**
 * Setting up an authenticator app in three steps: the present code where there is one, the new app, the recovery codes. `instead`: another way,
 * shown until this one is gone.
 */
export function FactorSetup(props: { replaces: boolean; instead?: React.ReactNode; onDone: () => void }) {
  const { replaces, instead, onDone } = props;
  const [started, setStarted] = useState<FactorStarted | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (started !== null) return <Confirm started={started} onDone={setCodes} />;
  return (
    <>
      <Begin replaces={replaces} onDone={setStarted} />
      {instead}
    </>
  );
}

function Begin({ replaces, onDone }: { replaces: boolean; onDone: (started: FactorStarted) => void }) {
  const { pending, problem, submit } = useSubmit();
  return (
    <Form
      problem={problem}
      onSubmit={(data) =>
        void submit(
          () => call('me.factor.start', { body: replaces ? { code: String(data.get('code')).trim() } : {} }),
          onDone,
        )
      }
    >
      <p>
        {t(
          'You need an authenticator app on your phone, such as Aegis, 2FAS, Google Authenticator, or your password manager. From then on a sign-in takes your password and a code of it.',
        )}
      </p>
      {replaces && (
        <CodeField
          label={t('Code of the present app')}
          autoFocus
          hint={t('Or a recovery code, if you do not have the phone any more.')}
        />
      )}
      <FormProblem problem={problem} />
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          {t('I have one')}
        </Button>
      </div>
    </Form>
  );
}

function Confirm({ started, onDone }: { started: FactorStarted; onDone: (codes: string[]) => void }) {
  const { pending, problem, submit } = useSubmit();
  return (
    <Form
      problem={problem}
      onSubmit={(data) =>
        void submit(
          () => call('me.factor.confirm', { body: { code: String(data.get('code')).replace(/\s/g, '') } }),
          ({ recoveryCodes }) => onDone(recoveryCodes),
        )
      }
    >
      <div className="grid justify-items-center gap-3">
        <QrCode text={started.uri} label={t('QR code for your authenticator app')} />
        <div className="grid w-full gap-0.5">
          <span className="sub">{t('No camera? Type this key:')}</span>
          <CopyText text={started.secret} label={t('the key')} />
        </div>
      </div>
      <AppCodeField hint={t('Scan the picture with the app, and type the six digits that it shows.')} />
      <FormProblem problem={problem} />
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          {t('Confirm')}
        </Button>
      </div>
    </Form>
  );
}

/** Shown this once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = codes.join('\n');
  return (
    <div className="grid gap-4">
      <p role="status">
        {rich(
          '<b>Keep these recovery codes.</b> Each signs you in once instead of a code, should your phone be lost. They are shown only now.',
          {
            b: (inner) => (
              <strong key="b" className="font-semibold">
                {inner}
              </strong>
            ),
          },
        )}
      </p>
      <ul
        aria-label={t('Recovery codes')}
        className="grid gap-x-6 gap-y-1 rounded-control bg-sunk p-3.5 sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code} className="mono select-all">
            {code}
          </li>
        ))}
      </ul>
      <DialogFoot>
        <DownloadButton
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          download="recovery-codes.txt"
        >
          {t('Save as a file')}
        </DownloadButton>
        <Button variant="primary" onClick={onDone}>
          {t('I have kept them')}
        </Button>
      </DialogFoot>
    </div>
  );
}
