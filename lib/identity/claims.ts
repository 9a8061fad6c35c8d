/** What an identity provider's answer means here. Pure. */
import { Email } from '../contract/fields.ts';
import type { GroupMapping } from '../contract/identity.ts';

export type Claims = Record<string, unknown>;

/** Somebody, as a provider describes them. */
export type Described = {
  subject: string;
  /** In small letters; null: none, or none that is one. */
  email: string | null;
  /** True when the provider says so and in no other case. */
  emailVerified: boolean;
  name: string;
  groups: string[];
  /** When they last showed the provider who they are; null: it does not say. */
  provedAt: Date | null;
  /** A value of `amr` or `acr` that is believed was there. */
  factor: boolean;
  /** What the session is called there. */
  session: string | null;
};

const mostGroups = 1000;
const longest = 300;

type Reading = { groupsClaim: string | null; trustedFactors: readonly string[] };

/** Reads what a verified ID token, and maybe the userinfo beside it, says. `now` bounds what it may say of the past. */
export function describe(idToken: Claims, userinfo: Claims, reading: Reading, now = new Date()): Described {
  const all = { ...userinfo, ...idToken };
  const parsed = Email.safeParse(typeof all.email === 'string' ? all.email.trim() : undefined);
  const email = parsed.success ? parsed.data : null;
  return {
    subject: String(idToken.sub),
    email,
    // From where the address is: one place's word about another's address is none.
    emailVerified: (idToken.email === undefined ? userinfo : idToken).email_verified === true,
    name: nameOf(all, email),
    groups: reading.groupsClaim === null ? [] : groupsOf(all, reading.groupsClaim),
    provedAt: provedAt(idToken.auth_time, now),
    factor: [...strings(idToken.amr), ...strings(idToken.acr)].some((one) => reading.trustedFactors.includes(one)),
    session: typeof idToken.sid === 'string' && idToken.sid.length <= longest ? idToken.sid : null,
  };
}

function nameOf(claims: Claims, email: string | null): string {
  const said = [claims.name, claims.preferred_username, email?.split('@')[0]];
  const found = said.find((one) => typeof one === 'string' && one.trim() !== '');
  // Control characters and the like make no name.
  return (typeof found === 'string' ? found : 'Somebody').replace(/\p{C}/gu, ' ').trim().slice(0, 100) || 'Somebody';
}

/** Seconds since 1970; never later than now, so that a clock that is ahead gives no longer a proof. */
function provedAt(seconds: unknown, now: Date): Date | null {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return null;
  return new Date(Math.min(seconds * 1000, now.getTime()));
}

/** The groups in a claim: the one of that very name if there is one, else along its dots. One group may be a text alone. */
export function groupsOf(claims: Claims, claim: string): string[] {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : along(claims, claim.split('.'));
  return [...new Set(strings(found).filter((one) => one !== '' && one.length <= longest))].slice(0, mostGroups);
}

function along(from: unknown, names: readonly string[]): unknown {
  let at = from;
  for (const name of names) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Claims)[name];
  }
  return at;
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** A role, and the account it is over; null: the installation. */
export type MappedRole = Pick<GroupMapping, 'role' | 'tenantId'>;

/** The roles that follow from being in these groups, each once, in the order in which they were written down. */
export function rolesFor(mappings: readonly GroupMapping[], groups: readonly string[]): MappedRole[] {
  const found = new Map<string, MappedRole>();
  for (const { group, role, tenantId } of mappings) {
    if (groups.includes(group)) found.set(keyOf({ role, tenantId }), { role, tenantId });
  }
  return [...found.values()];
}

export const keyOf = ({ role, tenantId }: MappedRole) => `${role} ${tenantId ?? ''}`;
