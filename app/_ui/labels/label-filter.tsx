import type { LabelInUse } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { Filter } from '../filter.tsx';

/** Narrows a list of containers to those with one label; absent where no label is in use. */
export function LabelFilter({
  path,
  label,
  labels,
  keep,
}: {
  path: string;
  label: string | undefined;
  labels: readonly LabelInUse[];
  keep: Readonly<Record<string, string | undefined>>;
}) {
  if (labels.length === 0 && label === undefined) return null;
  const listed = labels.map((one) => ({ value: one.label, label: `${one.label} (${one.containers})` }));
  const missing = label === undefined || labels.some((one) => one.label === label);
  return (
    <Filter
      label={t('Label')}
      path={path}
      name="label"
      value={label}
      keep={keep}
      options={missing ? listed : [...listed, { value: label, label }]}
    />
  );
}
