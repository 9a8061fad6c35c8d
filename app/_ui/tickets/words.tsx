import { ArrowUp, Check, CircleDot, Flame, Hourglass, type LucideIcon } from 'lucide-react';
import type { Ticket } from '#lib/contract/tickets.ts';
import { type Text, t } from '#lib/language/text.ts';
import { Badge } from '../badge.tsx';
import type { Tone } from '../words.ts';

/** `open` means another thing to each side: whose turn it is. */
const states: Record<
  Ticket['state'],
  { staff: Text; tenant: Text; tone: Record<'staff' | 'tenant', Tone>; icon: LucideIcon }
> = {
  open: {
    staff: 'Needs an answer',
    tenant: 'Being looked into',
    tone: { staff: 'warn', tenant: 'busy' },
    icon: CircleDot,
  },
  waiting: {
    staff: 'Waits for the customer',
    tenant: 'Waits for you',
    tone: { staff: 'idle', tenant: 'warn' },
    icon: Hourglass,
  },
  closed: { staff: 'Closed', tenant: 'Closed', tone: { staff: 'good', tenant: 'good' }, icon: Check },
};

export function TicketBadge({ state, staff }: { state: Ticket['state']; staff: boolean }) {
  const side = staff ? 'staff' : 'tenant';
  return (
    <Badge tone={states[state].tone[side]} icon={states[state].icon}>
      {t(states[state][side])}
    </Badge>
  );
}

export const stateChoices = [
  { value: 'open', label: 'Needs an answer' },
  { value: 'waiting', label: 'Waits for the customer' },
  { value: 'closed', label: 'Closed' },
] as const;

export const priorityWords = { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' } as const;

/** Only what is out of the ordinary is marked. */
export function PriorityMark({ priority }: { priority: Ticket['priority'] }) {
  if (priority === 'normal') return null;
  if (priority === 'low') return <span className="sub">{t('Low')}</span>;
  return (
    <Badge tone={priority === 'urgent' ? 'bad' : 'warn'} icon={priority === 'urgent' ? Flame : ArrowUp}>
      {t(priorityWords[priority])}
    </Badge>
  );
}

export const scopeWords = { console: 'open a console', files: 'read files', exec: 'run commands' } as const;
