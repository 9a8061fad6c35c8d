import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { ForgotForm } from '../../_ui/auth-forms.tsx';
import { AuthFrame } from '../../_ui/auth-frame.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Forgotten password') };
}

export default function Page() {
  return (
    <AuthFrame title={t('Set a new password')} sub={t('We mail you a link with which you can.')}>
      <ForgotForm />
    </AuthFrame>
  );
}
