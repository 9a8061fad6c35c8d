/** What scenarios have started besides their agent, and is ended after the last of them. */
export const endings: (() => Promise<void>)[] = [];
