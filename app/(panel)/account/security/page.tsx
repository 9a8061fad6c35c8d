import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { getFactor } from '#lib/auth/factor.ts';
import { signInNames } from '#lib/brands/names.ts';
import { listIdentities } from '#lib/identity/oneself.ts';
import { t } from '#lib/language/text.ts';
import { param, type Search } from '../../../_page/query.ts';
import { actorFor } from '../../../_page/reader.ts';
import { LinkButton } from '../../../_ui/button.tsx';
import { FactorCard } from '../../../_ui/factor-card.tsx';
import { IdentityCard } from '../../../_ui/identity-card.tsx';
import { connectWords } from '../../../_ui/identity-words.ts';
import { PageHead } from '../../../_ui/page.tsx';
import { PasskeyCard } from '../../../_ui/passkey-card.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Security') };
}

/** How one signs in, besides the password. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/account/security');
  const sent = await headers();
  const [factor, identities] = await Promise.all([
    getFactor(actor, await signInNames(sent)),
    listIdentities(actor, sent),
  ]);
  const outcome = (await param(searchParams, 'provider')) ?? '';
  const came = Object.hasOwn(connectWords, outcome) ? connectWords[outcome] : undefined;
  const anyElsewhere = identities.items.length + identities.offered.length > 0;
  return (
    <>
      <PageHead title={t('Security')} sub={t('How the panel makes sure that it is you.')}>
        <LinkButton href="/account">{t('Password and sessions')}</LinkButton>
      </PageHead>
      <div className="grid max-w-3xl gap-4">
        <FactorCard factor={factor} password={identities.password} />
        <PasskeyCard factor={factor} password={identities.password} />
        {anyElsewhere && <IdentityCard identities={identities} problem={came === undefined ? null : t(came)} />}
      </div>
    </>
  );
}
