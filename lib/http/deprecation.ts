import type { Deprecation } from '../contract/routes.ts';

/**
 * Headers that tell whoever uses what is on its way out since when it is (RFC 9745) and how long it works on (RFC 8594). A field's count only
 * for those who sent it. Of several the first that goes is said.
 */
export function deprecationHeaders(
  deprecated: readonly Deprecation[] = [],
  sent: readonly string[],
): Record<string, string> {
  const used = deprecated.filter(({ field }) => field === undefined || sent.includes(field));
  const [first] = used.toSorted((a, b) => a.until.localeCompare(b.until));
  if (first === undefined) return {};
  return {
    deprecation: `@${Date.parse(first.since) / 1000}`,
    sunset: new Date(first.until).toUTCString(),
    link: '</reference>; rel="deprecation"; type="text/html"',
  };
}

/** What uses it instead, for the description of an address or a field. */
export const insteadOf = ({ field, until, instead }: Deprecation) =>
  `${field === undefined ? 'Deprecated' : `\`${field}\` is deprecated`}: use \`${instead}\`. It works until ${until} at least.`;
