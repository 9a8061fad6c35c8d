import { TableSkeleton } from '../../../_ui/skeleton.tsx';

export default function Loading() {
  return <TableSkeleton />;
}
