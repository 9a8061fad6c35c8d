/** See all.ts. */
export const backups = {} as const satisfies Record<string, string>;
