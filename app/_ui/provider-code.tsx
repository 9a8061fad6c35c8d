'use client';
import { t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { Button, LinkButton } from './button.tsx';
import { Form, FormProblem } from './form.tsx';
import { safeNext } from './safe-next.ts';
import { CodeField } from './secret-fields.tsx';
import { useSubmit } from './use-submit.ts';

/** After a provider's word, for who has a second factor here. */
export function ProviderCodeForm() {
  const { pending, problem, submit } = useSubmit();
  return (
    <Form
      problem={problem}
      onSubmit={(data) =>
        void submit(
          () => call('session.providerCode', { body: { code: String(data.get('code')).trim() } }),
          // A whole new page, so that nothing from before the sign-in is kept.
          ({ next }) => window.location.assign(safeNext(next)),
        )
      }
    >
      <CodeField
        autoFocus
        hint={t(
          'The six digits of your authenticator app, or one of your recovery codes. A passkey signs in by itself, from the first page.',
        )}
      />
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        {t('Sign in')}
      </Button>
      <LinkButton href="/sign-in">{t('Begin again')}</LinkButton>
    </Form>
  );
}
