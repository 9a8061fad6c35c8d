import { ClipboardList } from 'lucide-react';
import type { Metadata } from 'next';
import { listAudit } from '#lib/audit/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { AuditTable } from '../../../_ui/audit-table.tsx';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';

export const metadata: Metadata = { title: 'Audit' };

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/audit');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listAudit(actor, query));
  return (
    <>
      <PageHead title="Audit" sub="Who did what, newest first. What was refused is here too." />
      <div className="card">
        {items.length === 0 ? (
          <Empty icon={ClipboardList} title="Nothing recorded yet" />
        ) : (
          <AuditTable entries={items} />
        )}
      </div>
      <Pager path="/admin/audit" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
