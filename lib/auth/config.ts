import { processSlot } from '../process-slot.ts';

export type AuthConfig = {
  /** Encrypts the session cookie. */
  secret: string;
  /** The address people type, e.g. https://panel.example.net. */
  baseUrl: string;
  /** How long a proof of who one is lasts for what asks again; lib/auth/proof.ts has the default. */
  stepUpMinutes?: number;
};

const slot = processSlot<AuthConfig>('auth');

/** Called once by a composition root. */
export function setAuthConfig(config: AuthConfig): void {
  slot.set(config);
}

export function authConfig(): AuthConfig {
  return slot.get();
}

/**
 * The origin a request was made to: server/web.ts wrote it into these headers after it had found the name to be one of ours, and dropped what a
 * client had sent under them.
 */
export function originOf(headers: Headers): string {
  const [host, protocol] = [headers.get('x-forwarded-host'), headers.get('x-forwarded-proto')];
  return host === null || protocol === null ? authConfig().baseUrl : new URL(`${protocol}://${host}`).origin;
}

/** The reseller under whose name a request was made; null: under the panel's own. */
export function brandOf(headers: Headers): string | null {
  return headers.get('x-berth-brand');
}

/** Over TLS the cookie has the `__Host-` prefix: the browser then takes it from this very host and path only. */
export function cookieSettings(config: AuthConfig = authConfig()): { name: string; secure: boolean } {
  const secure = config.baseUrl.startsWith('https:');
  return { name: secure ? '__Host-berth-session' : 'berth-session', secure };
}
