import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { readInvitation } from '#lib/people/invite.ts';
import { param, type Search } from '../../_page/query.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { LinkButton } from '../../_ui/button.tsx';
import { InvitationForm } from '../../_ui/invitation-form.tsx';

// The address holds the key: it must not be passed on to other sites.
export function generateMetadata(): Metadata {
  return { title: t('Invitation'), referrer: 'no-referrer' };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const token = await param(searchParams, 'token');
  const invitation = token === undefined ? undefined : await readInvitation(token);
  if (token === undefined || invitation === undefined) {
    return (
      <AuthFrame
        title={t('This invitation is over')}
        sub={t('It was used, taken back, or is too old. Ask whoever sent it for a new one.')}
      >
        <LinkButton href="/sign-in">{t('Back to the sign-in')}</LinkButton>
      </AuthFrame>
    );
  }
  const { account, email, hasAccount } = invitation;
  return (
    <AuthFrame title={t('Join {account}', { account })} sub={t('As {email}.', { email })}>
      <InvitationForm token={token} hasAccount={hasAccount} />
    </AuthFrame>
  );
}
