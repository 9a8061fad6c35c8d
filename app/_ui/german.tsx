'use client';
import { addCatalog } from '#lib/language/catalogs.ts';
import { german } from '#lib/language/german/all.ts';

addCatalog('de', german);

/** What is inside is read in German: its texts are loaded for those who do. */
export function German({ children }: { children: React.ReactNode }) {
  return children;
}
