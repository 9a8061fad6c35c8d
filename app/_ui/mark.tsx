import { Box } from 'lucide-react';

export function Mark() {
  return (
    <span aria-hidden className="grid size-6 place-items-center rounded-[7px] bg-brand text-brand-ink">
      <Box className="size-4" />
    </span>
  );
}
