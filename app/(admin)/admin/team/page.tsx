import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { actorFor } from '../../../_page/reader.ts';
import { StaffPage } from '../../../_page/staff.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Team') };
}

/** The provider's own people. */
export default async function Page() {
  return <StaffPage actor={await actorFor('/admin/team')} />;
}
