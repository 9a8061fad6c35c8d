/** See all.ts. */
export const resellers = {} as const satisfies Record<string, string>;
