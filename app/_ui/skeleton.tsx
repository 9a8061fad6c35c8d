import { t } from '#lib/language/text.ts';

/** Shapes of what is about to come, so that nothing jumps when it does. */
export function ChoicesSkeleton() {
  return (
    <div className="grid gap-2" aria-hidden>
      <div className="skeleton h-[62px]" />
      <div className="skeleton h-[62px]" />
    </div>
  );
}

export function TableSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status">
      <span className="sr-only">{t('Loading')}</span>
      <div className="mb-4 flex h-9 items-center justify-between" aria-hidden>
        <div className="skeleton h-6 w-36" />
        <div className="skeleton h-9 w-52" />
      </div>
      <div className="card divide-y divide-line" aria-hidden>
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          <div key={row} className="flex items-center gap-6 px-4 py-[17px]">
            <div className="skeleton h-4 w-32" />
            <div className="skeleton h-5 w-20 rounded-full" />
            <div className="skeleton h-3 flex-1" />
            <div className="skeleton h-4 w-16" />
          </div>
        ))}
      </div>
    </div>
  );
}
