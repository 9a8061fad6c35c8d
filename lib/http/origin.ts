import { BerthError } from '../contract/errors.ts';

/**
 * Refuses a change that another site's page had a browser send. Browsers say where a request comes from in Sec-Fetch-Site and
 * Origin; a page cannot alter either. `cookie` says that the request would act by a cookie: then one of the two must be
 * there and say "from here". Without a cookie, silence is a program's and passes.
 */
export function checkSameOrigin(headers: Headers, baseUrl: string, cookie: boolean): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const foreign =
    (site !== null && site !== 'same-origin' && site !== 'none') ||
    (origin !== null && origin !== new URL(baseUrl).origin);
  if (foreign || (cookie && site === null && origin === null)) {
    throw new BerthError('forbidden', 'This request does not come from the panel’s own pages.');
  }
}
