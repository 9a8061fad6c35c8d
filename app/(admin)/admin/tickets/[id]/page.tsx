import type { Metadata } from 'next';
import { TicketPage } from '../../../../_page/tickets.tsx';

export const metadata: Metadata = { title: 'Ticket' };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <TicketPage id={(await params).id} base="/admin/tickets" staff={true} />;
}
