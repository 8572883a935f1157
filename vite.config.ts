import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** `npm run dev`: pages with hot reload, everything else from a running product. */
const product = process.env.SIGMASCOPE_DEV_TARGET ?? 'http://127.0.0.1:3000';

export default defineConfig({
	plugins: [sveltekit()],
	server: {
		proxy: {
			// Host stays what the browser sent: the product compares it with Origin.
			'/api': { target: product, ws: true },
			'/healthz': product,
			'/readyz': product,
		},
	},
});
