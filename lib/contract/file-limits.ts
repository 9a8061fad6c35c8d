/** Without zod: the helper that touches files reads this, and is started for every call. */

/** So many paths and folders of a comparison are listed. */
export const mostDifferencesListed = 500;
