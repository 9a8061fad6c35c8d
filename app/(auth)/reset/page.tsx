import type { Metadata } from 'next';
import { param, type Search } from '../../_page/query.ts';
import { ResetForm } from '../../_ui/auth-forms.tsx';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { LinkButton } from '../../_ui/button.tsx';

// The address holds the key: it must not be passed on to other sites.
export const metadata: Metadata = { title: 'Set a password', referrer: 'no-referrer' };

export default async function Page({ searchParams }: { searchParams: Search }) {
  const token = await param(searchParams, 'token');
  if (token === undefined) {
    return (
      <AuthFrame title="This link is not whole" sub="Open it from the mail again, or ask for a new one.">
        <LinkButton href="/forgot" variant="primary">
          Ask for a new link
        </LinkButton>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title="Set your password" sub="For the account the link was mailed to.">
      <ResetForm token={token} />
    </AuthFrame>
  );
}
