import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './tests/support/sequencer.ts';

/** What loads chdb, or is about whole processes. */
const ALONE = ['src/lib/server/store/embedded/**/*.test.ts', 'tests/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/*.long.test.ts'];

// Modules keep no state of their own, so files share their processes: loading all there is for each file took a quarter of
// the time. chdb dies when a worker thread ends: what loads it gets a process of its own.
export default defineConfig({
	test: {
		pool: 'forks',
		// Most files wait for processes of their own: one less than the cores, the default, would leave a core idle.
		maxWorkers: availableParallelism(),
		globalSetup: ['tests/support/messages.ts', 'tests/support/memory-folder.ts'],
		setupFiles: ['tests/support/fast-check.ts'],
		sequence: { sequencer: LongFirst },
		testTimeout: 30_000,
		hookTimeout: 60_000,
		projects: [
			{
				extends: true,
				test: {
					name: 'parts',
					include: ['{rules,collectors,src}/**/*.test.ts'],
					exclude: [...NEVER, ...ALONE],
					isolate: false,
				},
			},
			{ extends: true, test: { name: 'alone', include: ALONE, exclude: NEVER } },
		],
	},
});
