import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { getFactor } from '#lib/auth/factor.ts';
import { signInNames } from '#lib/brands/names.ts';
import { actorFor } from '../../../_page/reader.ts';
import { LinkButton } from '../../../_ui/button.tsx';
import { FactorCard } from '../../../_ui/factor-card.tsx';
import { PageHead } from '../../../_ui/page.tsx';
import { PasskeyCard } from '../../../_ui/passkey-card.tsx';

export const metadata: Metadata = { title: 'Security' };

/** How one signs in, besides the password. */
export default async function Page() {
  const actor = await actorFor('/account/security');
  const factor = await getFactor(actor, await signInNames(await headers()));
  return (
    <>
      <PageHead title="Security" sub="How the panel makes sure that it is you.">
        <LinkButton href="/account">Password and sessions</LinkButton>
      </PageHead>
      <div className="grid max-w-3xl gap-4">
        <FactorCard factor={factor} />
        <PasskeyCard factor={factor} />
      </div>
    </>
  );
}
