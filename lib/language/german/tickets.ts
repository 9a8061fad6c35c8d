/** See all.ts. */
export const tickets = {} as const satisfies Record<string, string>;
