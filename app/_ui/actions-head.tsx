import { t } from '#lib/language/text.ts';

/** Over the column of a table in which a row's buttons are: told to screen readers, not shown. */
export function ActionsHead() {
  return (
    <th scope="col">
      <span className="sr-only">{t('Actions')}</span>
    </th>
  );
}
