import { TriangleAlert } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getBrand } from '#lib/brands/change.ts';
import { listProviders } from '#lib/identity/manage.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { actingReseller } from '#lib/resellers/who.ts';
import { listTenants } from '#lib/tenants/list.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { BrandDkim } from '../../../_ui/brand-dkim.tsx';
import { BrandForm } from '../../../_ui/brand-form.tsx';
import { BrandHosts } from '../../../_ui/brand-hosts.tsx';
import { BrandMails } from '../../../_ui/brand-mails.tsx';
import { BrandPictures } from '../../../_ui/brand-pictures.tsx';
import { IdentityProviders } from '../../../_ui/identity-providers.tsx';
import { Notice, PageHead } from '../../../_ui/page.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Brand') };
}

export default async function Page() {
  const actor = await actorFor('/reseller/brand');
  const reseller = actingReseller(actor);
  if (reseller === null) notFound();
  const [brand, providers, tenants] = await Promise.all([
    found(getBrand(actor, reseller)),
    found(listProviders(actor, reseller)),
    found(listTenants(actor, { limit: 200 })),
  ]);
  const accounts = [
    { id: reseller, name: t('Your own account') },
    ...tenants.items.filter(({ id }) => id !== reseller).map(({ id, name }) => ({ id, name })),
  ];
  return (
    <>
      <PageHead title={t('Brand')} sub={t('How your tenants meet the panel under your names.')} />
      {brand.gaps.length > 0 && (
        <Notice tone="warn" icon={TriangleAlert} title={t('The provider still shows')}>
          <ul className="grid gap-1">
            {brand.gaps.map((gap) => (
              <li key={gap}>{said(gap)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="grid gap-4">
        <BrandForm brand={brand} />
        <BrandPictures brand={brand} />
        <BrandHosts brand={brand} />
        <BrandDkim brand={brand} />
        <BrandMails brand={brand} />
        <IdentityProviders resellerId={reseller} providers={providers.items} accounts={accounts} />
      </div>
    </>
  );
}
