/** See all.ts. */
export const account = {} as const satisfies Record<string, string>;
