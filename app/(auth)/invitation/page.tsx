import type { Metadata } from 'next';
import { readInvitation } from '#lib/people/invite.ts';
import { param, type Search } from '../../_page/query.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { InvitationForm } from '../../_ui/invitation-form.tsx';

// The address holds the key: it must not be passed on to other sites.
export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' };

export default async function Page({ searchParams }: { searchParams: Search }) {
  const token = await param(searchParams, 'token');
  const invitation = token === undefined ? undefined : await readInvitation(token);
  if (token === undefined || invitation === undefined) {
    return (
      <AuthFrame
        title="This invitation is over"
        sub="It was used, taken back, or is too old. Ask whoever sent it for a new one."
      >
        {null}
      </AuthFrame>
    );
  }
  const { account, email, hasAccount } = invitation;
  return (
    <AuthFrame title={`Join ${account}`} sub={`As ${email}.`}>
      <InvitationForm token={token} hasAccount={hasAccount} />
    </AuthFrame>
  );
}
