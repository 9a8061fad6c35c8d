/** See all.ts. */
export const hosts = {} as const satisfies Record<string, string>;
