import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { TicketPage } from '../../../../_page/tickets.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Ticket') };
}

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  return <TicketPage id={(await params).id} base="/admin/tickets" staff={true} />;
}
