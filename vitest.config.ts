import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What starts no process, opens no file and keeps no module state: its files need no process of their own each. */
const PURE = ['rules/**/*.test.ts', 'src/lib/{contracts,format,chart,live,llm,drawing}/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/*.long.test.ts'];

// chdb dies when a worker thread ends, so every other test file gets a process of its own.
export default defineConfig({
	test: {
		pool: 'forks',
		// Most files wait for processes of their own: one less than the cores, the default, would leave a core idle.
		maxWorkers: availableParallelism(),
		setupFiles: ['tests/support/fast-check.ts'],
		testTimeout: 30_000,
		hookTimeout: 60_000,
		projects: [
			{ extends: true, test: { name: 'pure', include: PURE, exclude: NEVER, isolate: false } },
			{
				extends: true,
				test: {
					name: 'parts',
					include: ['{rules,collectors,src,tests}/**/*.test.ts'],
					exclude: [...NEVER, ...PURE],
				},
			},
		],
	},
});
