import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { AuthFrame } from './_ui/auth-frame.tsx';
import { LinkButton } from './_ui/button.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Not found') };
}

export default function NotFound() {
  return (
    <AuthFrame title={t('There is nothing here')} sub={t('It does not exist, was deleted, or you may not know of it.')}>
      <LinkButton href="/" variant="primary">
        {t('To the start')}
      </LinkButton>
    </AuthFrame>
  );
}
