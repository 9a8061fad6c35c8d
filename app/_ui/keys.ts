import { SshPublicKey } from '#lib/contract/fields.ts';
import { t } from '#lib/language/text.ts';

/** The lines of an authorized_keys text, without blanks and comments. */
export function keyLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** What is wrong with a key, in words, or null. */
export function keyProblem(key: string): string | null {
  if (SshPublicKey.safeParse(key).success) return null;
  if (key.startsWith('-----BEGIN'))
    return t('This is a private key. Keep it to yourself; paste the file that ends in .pub.');
  return t('This is not a public key: it begins with its type, such as ssh-ed25519.');
}

/** Type and comment of a key, for a list: the middle is not for people. */
export function keyName(key: string): { type: string; comment: string; tail: string } {
  const [type = '', body = '', ...comment] = key.split(' ');
  return { type, comment: comment.join(' '), tail: body.slice(-12) };
}
