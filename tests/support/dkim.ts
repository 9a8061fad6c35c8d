import { createHash, createPublicKey, verify } from 'node:crypto';

const relaxedHeader = (field: string) => {
  const at = field.indexOf(':');
  const value = field
    .slice(at + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ');
  return `${field.slice(0, at).trim().toLowerCase()}:${value.trim()}`;
};

function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`;
}

const tagsOf = (text: string) =>
  new Map(
    text
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]),
  );

export type Verdict = {
  domain: string;
  selector: string;
  signs: string[];
  bodyHolds: boolean;
  signatureHolds: boolean;
};

/**
 * Checks the one DKIM signature of a mail as who receives it does (RFC 6376, relaxed/relaxed, rsa-sha256), with node:crypto alone; null:
 * there is none. `lookUp`: the TXT record of a name.
 */
export function checkSignature(mail: string, lookUp: (name: string) => string | undefined): Verdict | null {
  const end = mail.indexOf('\r\n\r\n');
  const fields = mail.slice(0, end).split(/\r\n(?![ \t])/);
  const field = fields.find((one) => /^dkim-signature:/i.test(one));
  if (field === undefined) return null;
  const tags = tagsOf(relaxedHeader(field).slice('dkim-signature:'.length));
  const tag = (name: string) => tags.get(name) ?? '';
  if (tag('c') !== 'relaxed/relaxed' || tag('a') !== 'rsa-sha256') throw new Error(`not one of ours: ${field}`);
  const bodyHash = createHash('sha256').update(relaxedBody(mail.slice(end + 4)));
  const signs = tag('h').split(':');
  // Of several fields of a name the lowest is signed first.
  const left = [...fields].reverse();
  const signed = signs.flatMap((name) => {
    const at = left.findIndex(
      (one) => one.slice(0, one.indexOf(':')).trim().toLowerCase() === name.trim().toLowerCase(),
    );
    return at < 0 ? [] : left.splice(at, 1).map(relaxedHeader);
  });
  const own = relaxedHeader(field).replace(/;\s*b=[^;]*/, '; b=');
  const text = [...signed, own].join('\r\n');
  const record = tagsOf(lookUp(`${tag('s')}._domainkey.${tag('d')}`) ?? '');
  const key = Buffer.from(record.get('p') ?? '', 'base64');
  const signature = Buffer.from(tag('b').replace(/\s+/g, ''), 'base64');
  return {
    ...{ domain: tag('d'), selector: tag('s'), signs: signs.map((one) => one.trim().toLowerCase()) },
    bodyHolds: bodyHash.digest('base64') === tag('bh').replace(/\s+/g, ''),
    signatureHolds:
      key.length > 0 &&
      verify('sha256', Buffer.from(text), createPublicKey({ key, format: 'der', type: 'spki' }), signature),
  };
}
