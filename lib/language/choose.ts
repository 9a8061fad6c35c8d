import { Language } from '../contract/language.ts';

/** What of `Accept-Language` there is, the most wanted first; undefined when none of it, or nothing, was asked for. */
export function acceptedLanguage(header: string | null | undefined): Language | undefined {
  const wishes = (header ?? '').split(',').map((wish) => {
    const [range = '', ...parameters] = wish.trim().split(';');
    const q = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find((one) => one !== undefined);
    return {
      language: Language.safeParse(range.split('-')[0]?.toLowerCase()).data,
      q: q === undefined ? 1 : Number(q),
    };
  });
  return wishes.sort((a, b) => b.q - a.q).find(({ language, q }) => language !== undefined && q > 0)?.language;
}
