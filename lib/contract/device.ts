/** Signing a program in by a browser (RFC 8628's device flow): the program shows a code, a person types it where they are signed in. */
import { z } from 'zod';
import { Line } from './fields.ts';
import { Instant } from './ids.ts';

/** Letters that no two people read differently, and that make no words. */
export const userCodeAlphabet = 'BCDFGHJKLMNPQRSTVWXZ';
/** As people type it: case, dashes and blanks do not count. */
export const UserCode = z
  .string()
  .max(40)
  .transform((text) => text.toUpperCase().replace(/[^A-Z]/g, ''))
  .pipe(z.string().regex(new RegExp(`^[${userCodeAlphabet}]{8}$`), 'is eight letters'));

/** `name`: what the program calls itself and its machine; shown to the person, who alone knows whether that is right. */
export const StartDevice = z.strictObject({ name: Line(80).min(1) });
export const DeviceStarted = z.object({
  deviceCode: z.string(),
  userCode: z.string(),
  /** Below the panel's address. */
  path: z.string(),
  expiresAt: Instant,
  intervalSeconds: z.int(),
});
export const PollDevice = z.strictObject({ deviceCode: z.string().min(20).max(200) });
/** `token`: told once, when the person has agreed. */
export const DevicePolled = z.object({
  state: z.enum(['waiting', 'approved', 'denied']),
  token: z.string().nullable(),
});
export type DevicePolled = z.infer<typeof DevicePolled>;
export const DecideDevice = z.strictObject({ userCode: UserCode, approve: z.boolean() });
