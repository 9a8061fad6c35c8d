import type { Metadata } from 'next';
import type { Search } from '../../_page/query.ts';
import { TicketsPage } from '../../_page/tickets.tsx';

export const metadata: Metadata = { title: 'Help' };

export default function Page({ searchParams }: { searchParams: Search }) {
  return <TicketsPage base="/help" staff={false} searchParams={searchParams} />;
}
