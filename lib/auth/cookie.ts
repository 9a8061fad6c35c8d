import { decode } from 'next-auth/jwt';
import { authConfig, cookieSettings } from './config.ts';

/** The value of one cookie of a request. */
export function cookieValue(headers: Headers, name: string): string | undefined {
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const [key, ...rest] = pair.split('=');
    if (key?.trim() === name) return rest.join('=').trim();
  }
  return undefined;
}

/** The session key inside next-auth's encrypted cookie; undefined without a cookie or with one that is not ours. */
export async function sessionKeyOf(headers: Headers): Promise<string | undefined> {
  const { name } = cookieSettings();
  const token = cookieValue(headers, name);
  if (token === undefined || token === '') return undefined;
  try {
    const claims = await decode({ token, secret: authConfig().secret, salt: name });
    return typeof claims?.key === 'string' ? claims.key : undefined;
  } catch {
    // Made with another secret, altered, or expired: the same as none.
    return undefined;
  }
}
