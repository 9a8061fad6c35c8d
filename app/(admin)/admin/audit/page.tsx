import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { AuditPage } from '../../../_page/audit.tsx';
import type { Search } from '../../../_page/query.ts';

export function generateMetadata(): Metadata {
  return { title: t('Audit') };
}

export default function Page({ searchParams }: { searchParams: Search }) {
  return <AuditPage path="/admin/audit" searchParams={searchParams} />;
}
