import {
  ArrowRightLeft,
  Ban,
  Check,
  CircleHelp,
  CircleSlash,
  Clock,
  LoaderCircle,
  type LucideIcon,
  Play,
  Square,
  Trash2,
  TriangleAlert,
  Undo2,
  Wrench,
  X,
} from 'lucide-react';
import type { ContainerState, OperationState } from '#lib/contract/states.ts';
import { t } from '#lib/language/text.ts';
import { cx } from './cx.ts';
import { operationStateWords, stateWords, type Tone } from './words.ts';

export const toneText: Record<Tone, string> = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  busy: 'text-busy',
  idle: 'text-idle',
};
const toneFill: Record<Tone, string> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  busy: 'bg-busy-soft text-busy',
  idle: 'bg-idle-soft text-idle',
};

const stateIcons: Record<ContainerState, LucideIcon> = {
  creating: LoaderCircle,
  stopped: Square,
  starting: LoaderCircle,
  running: Play,
  stopping: LoaderCircle,
  suspended: Ban,
  restoring: LoaderCircle,
  reinstalling: LoaderCircle,
  repairing: Wrench,
  migrating: ArrowRightLeft,
  deleting: Trash2,
  deleted: CircleSlash,
  unknown: CircleHelp,
};
export const operationIcons: Record<OperationState, LucideIcon> = {
  queued: Clock,
  running: LoaderCircle,
  undoing: Undo2,
  succeeded: Check,
  failed: X,
  cancelled: CircleSlash,
  stuck: TriangleAlert,
};

/** A state as word, icon and colour: never colour alone. */
export function Badge({ tone, icon: Icon, children }: { tone: Tone; icon?: LucideIcon; children: React.ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 rounded-full py-0.5 pr-2.5 text-[12.5px] font-[550] whitespace-nowrap tabular-nums',
        Icon ? 'pl-2' : 'pl-2.5',
        toneFill[tone],
      )}
    >
      {Icon && <Icon aria-hidden className={cx('size-[13px]', Icon === LoaderCircle && 'spin')} strokeWidth={2.2} />}
      {children}
    </span>
  );
}

export function StateBadge({ state, percent }: { state: ContainerState; percent?: number | null }) {
  const { word, tone } = stateWords[state];
  return (
    <Badge tone={tone} icon={stateIcons[state]}>
      {t(word)}
      {percent !== undefined && percent !== null && tone === 'busy' && ` ${Math.round(percent)} %`}
    </Badge>
  );
}

export function OperationBadge({ state }: { state: OperationState }) {
  const { word, tone } = operationStateWords[state];
  return (
    <Badge tone={tone} icon={operationIcons[state]}>
      {t(word)}
    </Badge>
  );
}
