import { lookNow } from './brand.ts';

/** Pages that are not there have no metadata of their own. */
export async function NotFoundTitle() {
  const { productName } = await lookNow();
  return <title>{`Not found · ${productName}`}</title>;
}
