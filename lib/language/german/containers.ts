/** See all.ts. */
export const containers = {} as const satisfies Record<string, string>;
