import { t } from '#lib/language/text.ts';
import { lookNow } from './brand.ts';

/** Pages that are not there have no metadata of their own. */
export async function NotFoundTitle() {
  const { productName } = await lookNow();
  return <title>{`${t('Not found')} · ${productName}`}</title>;
}
