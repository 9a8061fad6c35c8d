import type { Language } from '../contract/language.ts';
import { processSlot } from '../process-slot.ts';

type Texts = Readonly<Record<string, string>>;
/** All texts there are; and those of them that the portal and the hosts say, in which sentences with places in them are looked for. */
export type Catalog = { texts: Texts; said: Texts };
type Catalogs = Partial<Record<Language, Catalog>>;

const slot = processSlot<Catalogs>('catalogs');

/** What is known of each language but English, which is what is asked for. */
export const catalogs = (): Catalogs => slot.peek() ?? {};

/** In a browser only the one that is spoken is there: whoever knows it adds it, see app/_ui/german.tsx. */
export function addCatalog(language: Language, catalog: Catalog): void {
  slot.set({ ...catalogs(), [language]: catalog });
}
