/** Keeps what was chosen in a browser, for pages that are asked for before anybody is known. */
export const languageCookie = 'berth-language';
