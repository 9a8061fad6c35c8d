import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { param, type Search } from '../../_page/query.ts';
import { ResetForm } from '../../_ui/auth-forms.tsx';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { LinkButton } from '../../_ui/button.tsx';

// The address holds the key: it must not be passed on to other sites.
export function generateMetadata(): Metadata {
  return { title: t('Set a password'), referrer: 'no-referrer' };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const token = await param(searchParams, 'token');
  if (token === undefined) {
    return (
      <AuthFrame title={t('This link is not whole')} sub={t('Open it from the mail again, or ask for a new one.')}>
        <LinkButton href="/forgot" variant="primary">
          {t('Ask for a new link')}
        </LinkButton>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={t('Set your password')} sub={t('For the account the link was mailed to.')}>
      <ResetForm token={token} />
    </AuthFrame>
  );
}
