/** See all.ts. */
export const frame = {} as const satisfies Record<string, string>;
