import { t } from '#lib/language/text.ts';
/** Labels as small words in a row. */
export function LabelChips({ labels }: { labels: readonly string[] }) {
  if (labels.length === 0) return null;
  return (
    <ul aria-label={t('Labels')} className="flex flex-wrap gap-1">
      {labels.map((label) => (
        <li key={label} className="rounded-[5px] bg-sunk px-1.5 py-px text-[12px] text-text [overflow-wrap:anywhere]">
          {label}
        </li>
      ))}
    </ul>
  );
}
