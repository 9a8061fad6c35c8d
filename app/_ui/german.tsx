'use client';
import { addCatalog } from '#lib/language/catalogs.ts';
import { german } from '#lib/language/german/all.ts';
import { said } from '#lib/language/german/said/all.ts';

addCatalog('de', { texts: german, said });

/** What is inside is read in German: its texts are loaded for those who do. */
export function German({ children }: { children: React.ReactNode }) {
  return children;
}
