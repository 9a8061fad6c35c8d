import { type Explanation, roleWords } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';

/** What decides whether somebody may do something to a container, a sentence each, and which roles would allow it. */
export function Reasons({ explanation: { reasons, roles, allowed } }: { explanation: Explanation }) {
  const others = roles.map((role) => said(roleWords[role].title)).join(', ');
  return (
    <>
      {reasons.map(({ by, text }) => (
        <p key={by + text}>{said(text)}</p>
      ))}
      {!allowed && reasons.some(({ by }) => by === 'role') && others !== '' && (
        <p>{t('Roles that allow it: {roles}. An owner of the account can give you one.', { roles: others })}</p>
      )}
    </>
  );
}
