import { ClipboardList } from 'lucide-react';
import { hasPermission } from '#lib/access/authorize.ts';
import { listAudit } from '#lib/audit/list.ts';
import { AuditFilters } from '#lib/contract/audit.ts';
import { t } from '#lib/language/text.ts';
import { AuditMark } from '../_ui/audit-mark.tsx';
import { AuditSearch } from '../_ui/audit-search.tsx';
import { AuditTable } from '../_ui/audit-table.tsx';
import { Empty, PageHead } from '../_ui/page.tsx';
import { Pager } from '../_ui/pager.tsx';
import { pageQuery, param, type Search } from './query.ts';
import { actorFor, found } from './reader.ts';

const names = ['actor', 'verb', 'target', 'outcome', 'from', 'until'] as const;

/** The record as its reader may see it, with a search; whoever may also verifies it. */
export async function AuditPage({ path, searchParams }: { path: string; searchParams: Search }) {
  const actor = await actorFor(path);
  const query = await pageQuery(searchParams);
  const given = await Promise.all(names.map(async (name) => [name, await param(searchParams, name)] as const));
  // Days as people type them: from the first one's start to the last one's end, UTC.
  const asked = Object.fromEntries(
    given.flatMap(([name, value]): [string, string][] => {
      if (value === undefined) return [];
      if (name === 'from') return [['since', `${value}T00:00:00Z`]];
      if (name === 'until') return [[name, `${value}T23:59:59.999Z`]];
      return [[name, value]];
    }),
  );
  const filters = AuditFilters.safeParse(asked).data ?? {};
  const { items, nextCursor } = await found(listAudit(actor, { ...query, ...filters }));
  const verifies = hasPermission(actor, 'audit.verify');
  const last = verifies ? (await listAudit(actor, { verb: 'audit.verify', limit: 1 })).items[0] : undefined;
  const searched = Object.fromEntries(given);
  const exported = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]));
  return (
    <>
      <PageHead
        title={t('Audit')}
        sub={t('Who did what, newest first: people of yours and of your provider. What was refused is here too.')}
      />
      {verifies && <AuditMark last={last ?? null} />}
      <AuditSearch values={searched} exported={exported.toString()} />
      <div className="card">
        {items.length === 0 ? (
          <Empty
            icon={ClipboardList}
            title={Object.keys(filters).length > 0 ? t('Nothing fits this search') : t('Nothing recorded yet')}
          />
        ) : (
          <AuditTable entries={items} />
        )}
      </div>
      <Pager path={path} query={searched} nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
