import { eq, sql } from 'drizzle-orm';
import type { MailBrand } from '../brands/mail.ts';
import type { Language } from '../contract/language.ts';
import type { Tx } from '../db/client.ts';
import { users } from '../db/schema/users.ts';
import { translateAll } from '../language/translate.ts';

/** What somebody wrote: it is sent as it is, whatever language that is. */
export type Written = { written: string };
export const written = (text: string): Written => ({ written: text });
/** A sentence of our own, in English, or what somebody wrote. */
export type Paragraph = string | Written;

/** What is written to somebody: what they have chosen, else what their brand speaks. The transaction is one that sees them. */
export async function languageOfRecipient(tx: Tx, recipient: string, brand: MailBrand | null): Promise<Language> {
  const [user] = await tx
    .select({ language: users.language })
    .from(users)
    .where(eq(sql`lower(${users.email})`, recipient.toLowerCase()));
  return user?.language ?? brand?.language ?? 'en';
}

/** A mail as it is sent to who reads this language. */
export function inWordsOf(
  language: Language,
  { subject, body }: { subject: Paragraph; body: readonly Paragraph[] },
): { subject: string; body: string } {
  const said = (one: Paragraph) => (typeof one === 'string' ? translateAll(one, language) : one.written);
  return { subject: said(subject), body: body.map(said).join('\n\n') };
}

/** For a brand's own words: what went wrong is said by us, whatever is around it. */
export function saidFacts(language: Language, facts: Record<string, string>): Record<string, string> {
  const { problem } = facts;
  return problem === undefined ? facts : { ...facts, problem: translateAll(problem, language) };
}
