import type { ServerResponse } from 'node:http';
import { BerthError, toProblem } from '#lib/contract/errors.ts';
import { routes } from '#lib/contract/routes.ts';

const base = '/api/';
const patterns = Object.values(routes).map(({ method, path }) => ({
  method: method as string,
  pattern: new RegExp(`^${base}v1${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** An address that is told whole, as proxies are told it, without what is before its path: whose it is, the Host header says. */
export function originForm(target: string): string {
  const whole = /^https?:\/\//i.test(target) ? URL.parse(target) : null;
  return whole === null ? target : `${whole.pathname}${whole.search}`;
}

/**
 * What is wrong with an address before anything else is looked at: it is none, or below /api no route of the contract has it, or none
 * with this method. Undefined for everything that may go on.
 */
export function misaddressed(method: string, path: string): { error: BerthError; allow?: string } | undefined {
  if (!path.startsWith('/') || URL.parse(path, 'http://localhost') === null)
    return { error: new BerthError('not_found') };
  if (!path.startsWith(base)) return undefined;
  const there = patterns.filter(({ pattern }) => pattern.test(path));
  if (there.length === 0) return { error: new BerthError('not_found', 'The interface has no such address.') };
  const wanted = method === 'HEAD' ? 'GET' : method;
  if (there.some((one) => one.method === wanted)) return undefined;
  return { error: new BerthError('method_not_allowed'), allow: there.map((one) => one.method).join(', ') };
}

/** Answers with problem details, as every error of the interface does. */
export function sendProblem(response: ServerResponse, error: BerthError, allow?: string): void {
  const problem = toProblem(error);
  response
    .writeHead(problem.status, {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(allow === undefined ? {} : { allow }),
    })
    .end(JSON.stringify(problem));
}
