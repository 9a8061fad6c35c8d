import type { Metadata } from 'next';
import { inlineDocument } from '#lib/http/openapi.ts';
import { t } from '#lib/language/text.ts';
import { lookNow } from '../../_page/brand.ts';
import { ReferencePage } from '../../_ui/reference.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Reference of the interface') };
}

/** For programmers; made from the same list as the interface itself, and nothing in it comes from elsewhere. */
export default async function Page() {
  const { productName } = await lookNow();
  return <ReferencePage document={inlineDocument('1', productName)} />;
}
