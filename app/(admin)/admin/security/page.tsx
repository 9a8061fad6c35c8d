import type { Metadata } from 'next';
import { getSecurityPolicy } from '#lib/auth/factor-policy.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { PageHead } from '../../../_ui/page.tsx';
import { SecurityPolicyForm } from '../../../_ui/security-policy.tsx';

export const metadata: Metadata = { title: 'Security' };

/** What the installation asks of everybody who signs in. */
export default async function Page() {
  const actor = await actorFor('/admin/security');
  const { factorRoles } = await found(getSecurityPolicy(actor));
  return (
    <>
      <PageHead title="Security" sub="What the installation asks of whoever signs in." />
      <div className="max-w-3xl">
        <SecurityPolicyForm factorRoles={factorRoles} />
      </div>
    </>
  );
}
