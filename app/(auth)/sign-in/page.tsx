import { CircleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { passkeysPossible } from '#lib/auth/sign-in-names.ts';
import { signInNames } from '#lib/brands/names.ts';
import { offeredProviders } from '#lib/identity/offered.ts';
import { type Text, t } from '#lib/language/text.ts';
import { param, type Search } from '../../_page/query.ts';
import { actorNow } from '../../_page/reader.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { SignInText } from '../../_ui/look.tsx';
import { ProviderButtons } from '../../_ui/provider-buttons.tsx';
import { ProviderCodeForm } from '../../_ui/provider-code.tsx';
import { safeNext } from '../../_ui/safe-next.ts';
import { SignInForm } from '../../_ui/sign-in-form.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Sign in') };
}

/** What a provider's answer came to, where it was no sign-in. Why, is said to those who set the provider up. */
const came: Record<string, Text> = {
  refused: 'That sign-in does not open an account here. Sign in another way, or ask whoever gave you the account.',
  late: 'That took too long, or was done already. Begin again.',
};

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = (await param(searchParams, 'next')) ?? null;
  if ((await actorNow()) !== undefined) redirect(safeNext(next));
  const sent = await headers();
  const outcome = (await param(searchParams, 'provider')) ?? '';
  if (outcome === 'code') {
    return (
      <AuthFrame title={t('Now your second factor')} sub={t('We know who you are. Show that you have your phone too.')}>
        <ProviderCodeForm />
      </AuthFrame>
    );
  }
  const [names, providers] = await Promise.all([signInNames(sent), offeredProviders(sent)]);
  const problem = Object.hasOwn(came, outcome) ? came[outcome] : undefined;
  return (
    <AuthFrame title={t('Sign in')} sub={<SignInText />}>
      {problem !== undefined && (
        <p role="alert" className="mb-5 flex gap-2.5 rounded-control bg-bad-soft p-3 text-[13px] text-bad">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t(problem)}
        </p>
      )}
      <ProviderButtons providers={providers} next={next} />
      <SignInForm next={next} passkeys={passkeysPossible(names)} />
    </AuthFrame>
  );
}
