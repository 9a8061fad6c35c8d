/** See all.ts. */
export const mails = {} as const satisfies Record<string, string>;
