/** See all.ts. */
export const problems = {} as const satisfies Record<string, string>;
