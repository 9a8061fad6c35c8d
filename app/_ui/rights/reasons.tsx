import { type Explanation, roleWords } from '#lib/contract/roles.ts';

/** What decides whether somebody may do something to a container, a sentence each, and which roles would allow it. */
export function Reasons({ explanation: { reasons, roles, allowed } }: { explanation: Explanation }) {
  const others = roles.map((role) => roleWords[role].title).join(', ');
  return (
    <>
      {reasons.map(({ by, text }) => (
        <p key={by + text}>{text}</p>
      ))}
      {!allowed && reasons.some(({ by }) => by === 'role') && others !== '' && (
        <p>Roles that allow it: {others}. An owner of the account can give you one.</p>
      )}
    </>
  );
}
