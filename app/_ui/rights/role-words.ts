import { Role, type RoleInfo, roleWords } from '#lib/contract/roles.ts';
import { said } from '#lib/language/translate.ts';

/** What a role is called, in the reader's language; one that an account made has the name its people gave it. */
export function titleOf({ role, title }: Pick<RoleInfo, 'role' | 'title'>): string {
  const builtIn = Role.safeParse(role).data;
  if (builtIn !== undefined) return said(roleWords[builtIn].title);
  // A title is somebody's own, but where a consent stands for a role.
  return role === 'consent' ? said(title) : title;
}

/** What it is for, likewise. */
export function aboutOf({ role, about }: Pick<RoleInfo, 'role' | 'about'>): string {
  const builtIn = Role.safeParse(role).data;
  return builtIn === undefined ? about : said(roleWords[builtIn].about);
}
