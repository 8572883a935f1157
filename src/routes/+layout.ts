/** Static files with one fallback page: every page is drawn in the browser from /api/v1. */
export const ssr = false;
export const prerender = false;
