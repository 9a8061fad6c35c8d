import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { param, type Search } from '../../../_page/query.ts';
import { actorNow } from '../../../_page/reader.ts';
import { AuthFrame } from '../../../_ui/auth-frame.tsx';
import { LinkSignIn } from '../../../_ui/link-sign-in.tsx';

// The key stands behind the #, which is sent to nobody.
export function generateMetadata(): Metadata {
  return { title: t('Sign in'), referrer: 'no-referrer' };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = (await param(searchParams, 'next')) ?? null;
  const now = await actorNow();
  return (
    <AuthFrame
      title={t('Sign in')}
      sub={now === undefined ? undefined : t('You are signed in as {email}.', { email: now.email })}
    >
      <LinkSignIn next={next} ask={now !== undefined} />
    </AuthFrame>
  );
}
