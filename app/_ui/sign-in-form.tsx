'use client';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { EmailField } from './auth-forms.tsx';
import { Button } from './button.tsx';
import { Form, FormProblem, TextField } from './form.tsx';
import { signInWithPasskey } from './passkey.ts';
import { safeNext } from './safe-next.ts';
import { AppCodeField, PasswordField } from './secret-fields.tsx';
import { useSubmit } from './use-submit.ts';

const link = 'text-[13px] text-muted underline underline-offset-3 hover:text-text';
type Password = { email: string; password: string };

/** First the password, then, for who has a second factor, a code. Nothing is kept in between but in this page. */
export function SignInForm({ next, passkeys }: { next: string | null; passkeys: boolean }) {
  const [first, setFirst] = useState<Password | null>(null);
  // A whole new page, so that nothing from before the sign-in is kept.
  const go = () => window.location.assign(safeNext(next));
  return first === null ? (
    <PasswordStep passkeys={passkeys} onDone={go} onWantsCode={setFirst} />
  ) : (
    <CodeStep first={first} passkeys={passkeys} onDone={go} onBack={() => setFirst(null)} />
  );
}

function PasswordStep({
  passkeys,
  onDone,
  onWantsCode,
}: {
  passkeys: boolean;
  onDone: () => void;
  onWantsCode: (first: Password) => void;
}) {
  const { pending, problem, submit } = useSubmit();
  return (
    <Form
      problem={problem}
      onSubmit={(data) => {
        const first = { email: String(data.get('email')).trim(), password: String(data.get('password')) };
        void submit(
          () => call('session.create', { body: first }),
          onDone,
          ({ code }) => {
            if (code !== 'second_factor_required') return false;
            onWantsCode(first);
            return true;
          },
        );
      }}
    >
      <EmailField />
      <PasswordField />
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        {t('Sign in')}
      </Button>
      {passkeys && <PasskeyButton onDone={onDone} />}
      <Link href="/forgot" className={link}>
        {t('Forgot your password?')}
      </Link>
    </Form>
  );
}

/** Instead of all that is typed. */
function PasskeyButton({ onDone }: { onDone: () => void }) {
  const { pending, problem, submit } = useSubmit();
  return (
    <>
      <Button pending={pending} onClick={() => void submit(signInWithPasskey, onDone)}>
        <KeyRound aria-hidden /> {t('Use a passkey')}
      </Button>
      {problem !== null && <FormProblem problem={problem} />}
    </>
  );
}

function CodeStep({
  first,
  passkeys,
  onDone,
  onBack,
}: {
  first: Password;
  passkeys: boolean;
  onDone: () => void;
  onBack: () => void;
}) {
  const { pending, problem, submit } = useSubmit();
  const [lost, setLost] = useState(false);
  return (
    <Form
      key={String(lost)}
      problem={problem}
      onSubmit={(data) =>
        void submit(() => call('session.create', { body: { ...first, code: String(data.get('code')).trim() } }), onDone)
      }
    >
      <p className="text-[13px] text-muted">
        {lost
          ? t('The password fits. Now show that you have your recovery codes too.')
          : passkeys
            ? t('The password fits. Now a code of your authenticator app, or your passkey.')
            : t('The password fits. Now show that you have your phone too.')}
      </p>
      {lost ? (
        <TextField
          name="code"
          label={t('Recovery code')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          hint={t('One of those you kept when you set up the app. Each works once.')}
        />
      ) : (
        <AppCodeField hint={t('The six digits that your authenticator app shows for this panel.')} />
      )}
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        {t('Sign in')}
      </Button>
      {passkeys && <PasskeyButton onDone={onDone} />}
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-2">
        <button type="button" className={link} onClick={() => setLost((was) => !was)}>
          {lost ? t('I have my phone') : t('Lost your phone?')}
        </button>
        <button type="button" className={link} onClick={onBack}>
          {t('Somebody else')}
        </button>
      </div>
      {lost && (
        <p className="sub">
          {t('No recovery code either? Ask your provider: an administrator can take the second factor.')}
        </p>
      )}
    </Form>
  );
}
