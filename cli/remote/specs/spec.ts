/** Verbs that are told by what they ask: a line each. How they are typed, run and shown is in ../generic.ts. */
import type { Name } from '#clients/typescript/client.ts';

export type Spec = {
  /** `plan edit <plan>`: the noun, the verb, what is named in its place. First the address's parameters in order, then fields of the body. */
  words: string;
  route: Name;
  /** Instead of what the address says of itself. */
  about?: string;
  /** `TITLE path.to.field[:size|:time|:count]`, separated by commas: a table for people. */
  columns?: string;
  /** Fields of body or query that are said here and not asked for. */
  given?: Readonly<Record<string, unknown>>;
  /** Fields that are options by another word. */
  rename?: Readonly<Record<string, string>>;
  /** Where what is not said is taken from, under the condition that nobody changes it meanwhile; `part` is where in the answer. */
  edits?: Name;
  part?: string;
  /** Bytes that are sent: what the file must be, when it is an option (`--file`) and no `<file>` among the words. */
  file?: string;
  /** Bytes that come: where to when nothing is said; else into a file of their own name. */
  output?: string;
};
