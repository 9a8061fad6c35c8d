import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { brandOf } from '#lib/auth/config.ts';
import { t } from '#lib/language/text.ts';
import { readInvitation } from '#lib/people/invite.ts';
import { actorNow } from '../../_page/language.ts';
import { param, type Search } from '../../_page/query.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { LinkButton } from '../../_ui/button.tsx';
import { InvitationForm } from '../../_ui/invitation-form.tsx';
import { SignOutButton } from '../../_ui/sign-out.tsx';

// The address holds the key: it must not be passed on to other sites.
export function generateMetadata(): Metadata {
  return { title: t('Invitation'), referrer: 'no-referrer' };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const token = await param(searchParams, 'token');
  const brand = brandOf(await headers());
  const invitation = token === undefined ? undefined : await readInvitation(token, brand);
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
  const { account, email, signIn } = invitation;
  const actor = await actorNow();
  const theirs = signIn === 'here' && actor?.email.toLowerCase() === email;
  return (
    <AuthFrame title={t('Join {account}', { account })} sub={t('As {email}.', { email })}>
      {signIn === null || theirs ? (
        <InvitationForm token={token} hasAccount={theirs} />
      ) : signIn === 'here' && actor !== undefined ? (
        <SignedInAsOther email={actor.email} />
      ) : (
        <SignInFirst at={signIn === 'here' ? '' : signIn} next={`/invitation?token=${token}`} />
      )}
    </AuthFrame>
  );
}

/** Nobody joins with an account but whose it is. */
function SignInFirst({ at, next }: { at: string; next: string }) {
  return (
    <>
      <p className="mb-5">{t('You have an account already. Sign in as always, then join.')}</p>
      <LinkButton variant="primary" href={`${at}/sign-in?next=${encodeURIComponent(next)}`}>
        {t('Sign in')}
      </LinkButton>
    </>
  );
}

function SignedInAsOther({ email }: { email: string }) {
  return (
    <>
      <p className="mb-5">{t('You are signed in as {email}. Sign out, then open the invitation again.', { email })}</p>
      <SignOutButton />
    </>
  );
}
