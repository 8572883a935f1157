import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type Plugin } from 'vite';
import { freshMessages } from './src/messages/fresh.mjs';

/** `npm run dev`: pages with hot reload, everything else from a running product. */
const product = process.env.SIGMASCOPE_DEV_TARGET ?? 'http://127.0.0.1:3000';

/** Words are modules of their own making: before a build, and with hot reload whenever a message file is saved. */
const messages: Plugin = {
	name: 'messages',
	buildStart() {
		const fault = freshMessages();
		if (fault) this.error(fault);
	},
	configureServer(server) {
		server.watcher.on('change', (file) => {
			const fault = /[\\/]messages[\\/]\w+[\\/]\w+\.json$/.test(file) && freshMessages();
			if (fault) server.config.logger.error(fault);
		});
	},
};

export default defineConfig({
	plugins: [messages, sveltekit()],
	server: {
		proxy: {
			// Host stays what the browser sent: the product compares it with Origin.
			'/api': { target: product, ws: true },
			'/healthz': product,
			'/readyz': product,
		},
	},
});
