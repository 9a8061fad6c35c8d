import { Undo2 } from 'lucide-react';
import type { RetainedVolume } from '#lib/contract/rest.ts';
import { bytes } from './format.ts';
import { Card } from './page.tsx';
import { Ago, Left } from './time.tsx';

const why = {
  restore: 'before the restore',
  reinstall: 'before the reinstall',
  rollback: 'before the roll-back',
  undo: 'before the undo',
} as const;

/** Files put aside by something that replaced them: what they are, how long they stay, what they take. */
export function RetainedVolumes({ volumes }: { volumes: readonly RetainedVolume[] }) {
  if (volumes.length === 0) return null;
  return (
    <Card title="Kept for undo" icon={Undo2} flush className="mb-4">
      <ul className="divide-y divide-line">
        {volumes.map((volume) => (
          <li key={volume.id} className="flex flex-wrap items-baseline gap-x-3 px-4 py-2.5">
            <span className="mr-auto">
              <strong className="font-semibold">Files as they were {why[volume.reason]}</strong>{' '}
              <span className="sub">
                <Ago at={volume.createdAt} /> · {bytes(volume.bytes)} · not counted against your disk
              </span>
            </span>
            <span className="sub font-[550]">
              kept for another <Left until={volume.expiresAt} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
