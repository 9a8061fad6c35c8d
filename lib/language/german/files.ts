/** See all.ts. */
export const files = {} as const satisfies Record<string, string>;
