import { Role, type RoleInfo, roleWords } from '#lib/contract/roles.ts';
import { said } from '#lib/language/translate.ts';

/** What a role is called, in the reader's language; one that an account made has the name its people gave it. */
export function titleOf({ role, title }: Pick<RoleInfo, 'role' | 'title'>): string {
  const builtIn = Role.safeParse(role).data;
  return builtIn === undefined ? title : said(roleWords[builtIn].title);
}

/** What it is for, likewise. */
export function aboutOf({ role, about }: Pick<RoleInfo, 'role' | 'about'>): string {
  const builtIn = Role.safeParse(role).data;
  return builtIn === undefined ? about : said(roleWords[builtIn].about);
}
