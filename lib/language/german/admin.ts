/** See all.ts. */
export const admin = {} as const satisfies Record<string, string>;
