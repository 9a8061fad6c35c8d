import type { Language } from '../contract/language.ts';

const slot = Symbol.for('berth.catalogs');
type Texts = Readonly<Record<string, string>>;
/** All texts there are; and those of them that the portal and the hosts say, in which sentences with places in them are looked for. */
export type Catalog = { texts: Texts; said: Texts };
type Catalogs = Partial<Record<Language, Catalog>>;

/** What is known of each language but English, which is what is asked for. One for all copies of this module in a process. */
export function catalogs(): Catalogs {
  const place = globalThis as { [slot]?: Catalogs };
  place[slot] ??= {};
  return place[slot];
}

/** In a browser only the one that is spoken is there: whoever knows it adds it, see app/_ui/german.tsx. */
export function addCatalog(language: Language, catalog: Catalog): void {
  catalogs()[language] = catalog;
}
