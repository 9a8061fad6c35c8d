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

const inLanguage = (language: Language, one: Paragraph): string =>
  typeof one === 'string' ? translateAll(one, language) : one.written;

/** A mail as it is sent to who reads this language. */
export function inWordsOf(
  language: Language,
  { subject, body }: { subject: Paragraph; body: readonly Paragraph[] },
): { subject: string; body: string } {
  return { subject: inLanguage(language, subject), body: body.map((one) => inLanguage(language, one)).join('\n\n') };
}

/** What a brand's own words are filled with: a name, a number or a link as it is, or what we or somebody else said. */
export type Fact = string | number | { said: readonly Paragraph[] };
export const said = (...paragraphs: Paragraph[]): Fact => ({ said: paragraphs });

/** Facts in words: what we say is in the reader's language, whatever is around it. */
export function saidFacts(language: Language, facts: Record<string, Fact>): Record<string, string> {
  const inWords = (fact: Fact) =>
    typeof fact === 'object' ? fact.said.map((one) => inLanguage(language, one)).join('\n\n') : String(fact);
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, inWords(fact)]));
}
