import { spoken } from '#lib/language/spoken.ts';

/** What begins with a capital when it stands alone, as it is written in a sentence: German nouns keep theirs. */
export const inSentence = (text: string) => (spoken() === 'en' ? text.toLowerCase() : text);
