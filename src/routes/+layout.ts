import type { LayoutLoad } from './$types.ts';

/** Static files with one fallback page: every page is drawn in the browser from /api/v1. */
export const ssr = false;
export const prerender = false;

/** Pages without a frame. A wall does without the code of menus, search and sign-in too: it runs on small computers. */
const BARE = /^\/(welcome|pair|wall|design)(\/|$)/;

export const load: LayoutLoad = async ({ url }) => ({
	shell: BARE.test(url.pathname) ? undefined : (await import('#lib/components/shell/Shell.svelte')).default,
});
