import { addCatalog } from './catalogs.ts';
import { german } from './german/all.ts';
import { said } from './german/said/all.ts';

/**
 * All there is, once: for a process that serves readers (what Next makes of pages and addresses finds it there, and carries none of it), and for the
 * browser of somebody who reads another language than English.
 */
export function loadLanguages(): void {
  addCatalog('de', { texts: german, said });
}
