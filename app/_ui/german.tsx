'use client';
import { loadLanguages } from '#lib/language/load.ts';

loadLanguages();

/** What is inside is read in German: its texts are loaded for those who do. */
export function German({ children }: { children: React.ReactNode }) {
  return children;
}
