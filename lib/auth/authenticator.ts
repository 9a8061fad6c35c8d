/** The arithmetic of authenticator apps (RFC 6238), by the library otpauth; nothing here knows of people or rows. */
import { Secret, TOTP } from 'otpauth';

const stepSeconds = 30;
/** Clocks of phones are off by some seconds: the step before and the one after are taken too. */
const window = 1;

function totp(secret: Secret, account: string, issuer: string): TOTP {
  return new TOTP({ secret, label: account, issuer, algorithm: 'SHA1', digits: 6, period: stepSeconds });
}

/** 160 random bits as base32, and the address that apps read from a QR code. */
export function newSecret(account: string, issuer: string): { secret: string; uri: string } {
  const secret = new Secret({ size: 20 });
  return { secret: secret.base32, uri: totp(secret, account, issuer).toString() };
}

/** The step of 30 s since 1970 for which this is the code, if that is now or just beside; otherwise undefined. */
export function stepOf(secret: string, code: string, nowMs = Date.now()): number | undefined {
  const delta = totp(Secret.fromBase32(secret), '', '').validate({ token: code, timestamp: nowMs, window });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / stepSeconds) + delta;
}
