import { z } from 'zod';

/** What people can read the panel in. Its own is the first: what is written anywhere else is a translation of it. */
export const languages = ['en', 'de'] as const;
export const Language = z.enum(languages);
export type Language = z.infer<typeof Language>;

/** Each by its own name. */
export const languageNames = { en: 'English', de: 'Deutsch' } as const satisfies Record<Language, string>;

/** Null: as the brand says, or else the browser. */
export const SetLanguage = z.strictObject({ language: Language.nullable() });
