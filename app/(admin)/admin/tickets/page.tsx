import type { Metadata } from 'next';
import type { Search } from '../../../_page/query.ts';
import { TicketsPage } from '../../../_page/tickets.tsx';

export const metadata: Metadata = { title: 'Tickets' };

export default function Page({ searchParams }: { searchParams: Search }) {
  return <TicketsPage base="/admin/tickets" staff={true} searchParams={searchParams} />;
}
