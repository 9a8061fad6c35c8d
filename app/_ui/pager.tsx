import { ChevronRight, ChevronsLeft } from 'lucide-react';
import { t } from '#lib/language/text.ts';
import { withQuery } from './address.ts';
import { LinkButton } from './button.tsx';

/** To the next page and back to the first: cursors know no page numbers. */
export function Pager({
  path,
  query,
  nextCursor,
  cursor,
}: {
  path: string;
  query?: Record<string, string | undefined>;
  nextCursor: string | null;
  cursor: string | undefined;
}) {
  if (nextCursor === null && cursor === undefined) return null;
  const to = (next: string | null) => withQuery(path, { ...query, cursor: next });
  return (
    <nav aria-label={t('Pages')} className="mt-4 flex justify-between gap-2">
      {cursor === undefined ? (
        <span />
      ) : (
        <LinkButton href={to(null)} size="small">
          <ChevronsLeft aria-hidden /> {t('First page')}
        </LinkButton>
      )}
      {nextCursor !== null && (
        <LinkButton href={to(nextCursor)} size="small">
          {t('Next page')} <ChevronRight aria-hidden />
        </LinkButton>
      )}
    </nav>
  );
}
