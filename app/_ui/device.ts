import { t } from '#lib/language/text.ts';

const browsers = [
  [/\bEdg\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bcurl\//, 'curl'],
] as const;
const systems = [
  [/\bAndroid\b/, '{browser} on Android'],
  [/\b(iPhone|iPad)\b/, '{browser} on iOS'],
  [/\bWindows\b/, '{browser} on Windows'],
  [/\bMac OS X\b/, '{browser} on macOS'],
  [/\bLinux\b/, '{browser} on Linux'],
] as const;

/** `Firefox on Linux`: enough to know one's own devices by; the user agent itself if it is none we know. */
export function deviceName(userAgent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (browser === undefined) return userAgent === '' ? t('Unknown program') : userAgent.slice(0, 60);
  return system === undefined ? browser : t(system, { browser });
}
