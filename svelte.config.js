import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** The pages are static files with one fallback; the API and the sockets are served by src/main.ts. */
export default {
	preprocess: vitePreprocess(),
	kit: {
		adapter: adapter({ fallback: 'index.html', precompress: true }),
		// By the frame of the pages itself: walls do without.
		serviceWorker: { register: false },
	},
};
