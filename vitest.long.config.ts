import { defineConfig } from 'vitest/config';

/** `npm run test:long`: kill -9 drills in their long form, too long for every commit. */
export default defineConfig({
	test: {
		pool: 'forks',
		globalSetup: ['tests/support/messages.ts'],
		fileParallelism: false,
		include: ['{rules,collectors,src,tests}/**/*.long.test.ts'],
		exclude: ['**/node_modules/**'],
		testTimeout: 1_200_000,
		hookTimeout: 120_000,
	},
});
