import type { Input } from '#lib/contract/routes.ts';
import { useCall } from './use-call.ts';

/** Whose team; without an id: the provider's own. */
export type Account = { id: string | null; kind: 'tenant' | 'reseller' | 'provider' };

/** The calls about an account's people, whoever's they are. */
export function useAdd({ id }: Account) {
  const [member, staff] = [useCall('members.add', { quiet: true }), useCall('staff.add', { quiet: true })];
  const run = (body: Input<'staff.add'>['body']) =>
    id === null ? staff.run({ body }) : member.run({ params: { id }, body });
  return { ...(id === null ? staff : member), run };
}

export function useChange({ id }: Account, memberId: string) {
  const [member, staff] = [useCall('members.change', { quiet: true }), useCall('staff.change', { quiet: true })];
  const run = (body: Input<'staff.change'>['body']) =>
    id === null ? staff.run({ params: { memberId }, body }) : member.run({ params: { id, memberId }, body });
  return { ...(id === null ? staff : member), run };
}

export function useRemove({ id }: Account, memberId: string) {
  const [member, staff] = [useCall('members.remove', { quiet: true }), useCall('staff.remove', { quiet: true })];
  const run = () => (id === null ? staff.run({ params: { memberId } }) : member.run({ params: { id, memberId } }));
  return { ...(id === null ? staff : member), run };
}

export function useResend({ id }: Account, memberId: string) {
  const [member, staff] = [useCall('members.resend'), useCall('staff.resend')];
  const run = () =>
    id === null ? staff.run({ params: { memberId }, body: {} }) : member.run({ params: { id, memberId }, body: {} });
  return { ...(id === null ? staff : member), run };
}
