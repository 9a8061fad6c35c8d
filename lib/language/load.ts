import { addCatalog } from './catalogs.ts';
import { german } from './german/all.ts';
import { said } from './german/said/all.ts';

/** For a process that serves readers, once: all there is. What Next makes of pages and addresses finds it there, and carries none of it. */
export function loadLanguages(): void {
  addCatalog('de', { texts: german, said });
}
