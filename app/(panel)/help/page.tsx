import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import type { Search } from '../../_page/query.ts';
import { TicketsPage } from '../../_page/tickets.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Help') };
}

export default function Page({ searchParams }: { searchParams: Search }) {
  return <TicketsPage base="/help" staff={false} searchParams={searchParams} />;
}
