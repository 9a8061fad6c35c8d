import type { Metadata } from 'next';
import { openapiDocument } from '#lib/http/openapi.ts';
import { ReferencePage } from '../../_ui/reference.tsx';

export const metadata: Metadata = { title: 'Reference of the interface' };

/** For programmers; made from the same list as the interface itself, and nothing in it comes from elsewhere. */
export default function Page() {
  return <ReferencePage document={openapiDocument('1')} />;
}
