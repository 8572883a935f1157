import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// chdb dies when a worker thread ends, so every test file gets a process of its own.
export default defineConfig({
	test: {
		pool: 'forks',
		// Most files wait for processes of their own: one less than the cores, the default, would leave a core idle.
		maxWorkers: availableParallelism(),
		include: ['{rules,collectors,src,tests}/**/*.test.ts'],
		exclude: ['**/node_modules/**', '**/*.long.test.ts'],
		setupFiles: ['tests/support/fast-check.ts'],
		testTimeout: 30_000,
		hookTimeout: 60_000,
	},
});
