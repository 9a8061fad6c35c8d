import { processSlot } from '../process-slot.ts';

export type AuthConfig = {
  /** Encrypts the session cookie. */
  secret: string;
  /** The address people type, e.g. https://panel.example.net. */
  baseUrl: string;
};

const slot = processSlot<AuthConfig>('auth');

/** Called once by a composition root. */
export function setAuthConfig(config: AuthConfig): void {
  slot.set(config);
}

export function authConfig(): AuthConfig {
  return slot.get();
}

/** Over TLS the cookie has the `__Host-` prefix: the browser then takes it from this very host and path only. */
export function cookieSettings(config: AuthConfig = authConfig()): { name: string; secure: boolean } {
  const secure = config.baseUrl.startsWith('https:');
  return { name: secure ? '__Host-berth-session' : 'berth-session', secure };
}
