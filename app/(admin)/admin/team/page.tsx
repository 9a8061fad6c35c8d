import type { Metadata } from 'next';
import { actorFor } from '../../../_page/reader.ts';
import { StaffPage } from '../../../_page/staff.tsx';

export const metadata: Metadata = { title: 'Team' };

/** The provider's own people. */
export default async function Page() {
  return <StaffPage actor={await actorFor('/admin/team')} />;
}
