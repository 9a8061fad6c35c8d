/** The picture of a page that has none of its own: a box, and nobody's name. */
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0f6f68"/><path d="M7.500 12 16 7l8.500 5v8L16 25l-8.500-5zM7.500 12l8.500 5 8.500-5M16 17v8" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>';

export const plainIcon = `data:image/svg+xml,${encodeURIComponent(svg)}`;
