import { headers } from 'next/headers';
import NextAuth, { type NextAuthConfig } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import type { UserActor } from '../access/actor.ts';
import { signInNames } from '../brands/names.ts';
import { BerthError } from '../contract/errors.ts';
import { signInWithProviderCode, takeAnswer } from '../identity/sign-in.ts';
import { authConfig, cookieSettings } from './config.ts';
import { signInWithLink } from './link-sign-in.ts';
import { signInWithPasskey } from './passkeys.ts';
import { visitorOf } from './request.ts';
import { renewKey, sessionDays } from './sessions.ts';
import { signInWithPassword } from './sign-in.ts';

/**
 * next-auth makes and clears the cookie. Passwords force its JWT strategy, so the encrypted JWT carries one thing: the random
 * key of a session row (docs/decisions/0003-sessions.md). None of its own addresses is served.
 */
function config(): NextAuthConfig {
  const { secret } = authConfig();
  const { name, secure } = cookieSettings();
  return {
    secret,
    trustHost: true,
    basePath: '/api/auth',
    useSecureCookies: secure,
    session: { strategy: 'jwt', maxAge: sessionDays * 86_400 },
    cookies: { sessionToken: { name, options: { httpOnly: true, sameSite: 'lax', path: '/', secure } } },
    providers: [
      Credentials({
        credentials: { key: {} },
        // The password was checked before; what comes here is the key of the session that was opened.
        authorize: ({ key }) => (typeof key === 'string' ? { id: key } : null),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user === undefined ? token : { key: user.id }),
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}

const nextAuth = NextAuth(config);

/** Checks the password, and the code where one is asked for, and sets the session cookie on the answer of the running route handler. Throws `unauthenticated`. */
export async function signIn(email: string, password: string, code?: string): Promise<void> {
  const key = await signInWithPassword(email, password, visitorOf(await headers()), code);
  if (key === undefined) {
    throw new BerthError('unauthenticated', 'The e-mail address and the password do not fit together.');
  }
  await nextAuth.signIn('credentials', { key, redirect: false });
}

/** The same by the key of a link. */
export async function signInByLink(link: string): Promise<void> {
  const key = await signInWithLink(link, visitorOf(await headers()));
  if (key === undefined) {
    throw new BerthError('unauthenticated', 'This link was used before, or is too old.', {
      remedy: 'Go back to where it came from and ask for a new one.',
    });
  }
  await nextAuth.signIn('credentials', { key, redirect: false });
}

/** The same by a passkey, which is password and second factor in one. */
export async function signInByPasskey(response: Record<string, unknown>): Promise<void> {
  const sent = await headers();
  const key = await signInWithPasskey(response, visitorOf(sent), await signInNames(sent));
  await nextAuth.signIn('credentials', { key, redirect: false });
}

/**
 * After somebody has shown again who they are: the session goes on under another key, and only this browser is told it. A key that was
 * seen before gets nothing out of the proof.
 */
export async function renewCookie(actor: UserActor): Promise<void> {
  if (actor.sessionId === null) return;
  await nextAuth.signIn('credentials', { key: await renewKey(actor.sessionId), redirect: false });
}

/** The same by a provider's answer, for which the browser was sent there; where the browser goes on to. It may as well be no sign-in. */
export async function signInByProvider(search: string, actor: UserActor | undefined): Promise<string> {
  const { to, key } = await takeAnswer(await headers(), search, actor);
  if (key !== undefined) await nextAuth.signIn('credentials', { key, redirect: false });
  return to;
}

/** The same by the code that is owed after a provider's answer; where to go on to. */
export async function signInByProviderCode(code: string): Promise<string> {
  const { key, next } = await signInWithProviderCode(await headers(), code);
  await nextAuth.signIn('credentials', { key, redirect: false });
  return next;
}

/** Clears the session cookie on the answer of the running route handler. */
export async function clearCookie(): Promise<void> {
  await nextAuth.signOut({ redirect: false });
}
