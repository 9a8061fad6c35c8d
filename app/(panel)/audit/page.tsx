import type { Metadata } from 'next';
import { AuditPage } from '../../_page/audit.tsx';
import type { Search } from '../../_page/query.ts';

export const metadata: Metadata = { title: 'Audit' };

export default function Page({ searchParams }: { searchParams: Search }) {
  return <AuditPage path="/audit" searchParams={searchParams} />;
}
