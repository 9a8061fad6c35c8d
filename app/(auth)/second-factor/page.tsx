import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { getFactor } from '#lib/auth/factor.ts';
import { signInNames } from '#lib/brands/names.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { param, type Search } from '../../_page/query.ts';
import { actorNow } from '../../_page/reader.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { Enrolment } from '../../_ui/enrolment.tsx';
import { safeNext } from '../../_ui/safe-next.ts';

export function generateMetadata(): Metadata {
  return { title: t('Set up a second factor') };
}

/** Where those end up of whom a second factor is asked and who have none. Everybody else goes on. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = (await param(searchParams, 'next')) ?? null;
  const actor = await actorNow();
  if (actor === undefined) redirect('/sign-in');
  if (actor.mustEnrol !== true) redirect(safeNext(next));
  const { required, passkeysPossible } = await getFactor(actor, await signInNames(await headers()));
  const by = required
    .map(({ by, name }) => (by === 'account' ? name : t('your role ({name})', { name: said(name) })))
    .join(t(' and '));
  const { email } = actor;
  return (
    <AuthFrame
      title={t('One more thing first')}
      sub={
        by === ''
          ? t(
              'You are signed in as {email}. Your account asks for a second factor: until it is set up, nothing else is open.',
              { email },
            )
          : t(
              'You are signed in as {email}. A second factor is asked for by {by}: until it is set up, nothing else is open.',
              { email, by },
            )
      }
    >
      <Enrolment next={next} passkeys={passkeysPossible} />
    </AuthFrame>
  );
}
