import type { Metadata } from 'next';
import { ForgotForm } from '../../_ui/auth-forms.tsx';
import { AuthFrame } from '../../_ui/auth-frame.tsx';

export const metadata: Metadata = { title: 'Forgotten password' };

export default function Page() {
  return (
    <AuthFrame title="Set a new password" sub="We mail you a link with which you can.">
      <ForgotForm />
    </AuthFrame>
  );
}
