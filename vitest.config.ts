import { defineConfig } from 'vitest/config';

// chdb dies when a worker thread ends, so every test file gets a process of its own.
export default defineConfig({
	test: {
		pool: 'forks',
		include: ['{rules,collectors,src,tests}/**/*.test.ts'],
		exclude: ['**/node_modules/**', '**/*.long.test.ts'],
		setupFiles: ['tests/support/fast-check.ts'],
		testTimeout: 30_000,
		hookTimeout: 60_000,
	},
});
