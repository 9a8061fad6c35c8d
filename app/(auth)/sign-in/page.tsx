import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { passkeysPossible } from '#lib/auth/sign-in-names.ts';
import { signInNames } from '#lib/brands/names.ts';
import { param, type Search } from '../../_page/query.ts';
import { actorNow } from '../../_page/reader.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { SignInText } from '../../_ui/look.tsx';
import { safeNext } from '../../_ui/safe-next.ts';
import { SignInForm } from '../../_ui/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = (await param(searchParams, 'next')) ?? null;
  if ((await actorNow()) !== undefined) redirect(safeNext(next));
  const names = await signInNames(await headers());
  return (
    <AuthFrame title="Sign in" sub={<SignInText />}>
      <SignInForm next={next} passkeys={passkeysPossible(names)} />
    </AuthFrame>
  );
}
