import type { Metadata } from 'next';
import { getSecurityPolicy } from '#lib/auth/factor-policy.ts';
import { listProviders } from '#lib/identity/manage.ts';
import { t } from '#lib/language/text.ts';
import { listTenants } from '#lib/tenants/list.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { IdentityProviders } from '../../../_ui/identity-providers.tsx';
import { PageHead } from '../../../_ui/page.tsx';
import { SecurityPolicyForm } from '../../../_ui/security-policy.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Security') };
}

/** What the installation asks of everybody who signs in. */
export default async function Page() {
  const actor = await actorFor('/admin/security');
  const [{ factorRoles }, providers, tenants] = await Promise.all([
    found(getSecurityPolicy(actor)),
    found(listProviders(actor, null)),
    // The newest: a select with all of a large installation's is none.
    found(listTenants(actor, { limit: 200 })),
  ]);
  const accounts = tenants.items.map(({ id, name }) => ({ id, name }));
  return (
    <>
      <PageHead title={t('Security')} sub={t('What the installation asks of whoever signs in.')} />
      <div className="grid max-w-3xl gap-4">
        <SecurityPolicyForm factorRoles={factorRoles} />
        <IdentityProviders resellerId={null} providers={providers.items} accounts={accounts} />
      </div>
    </>
  );
}
