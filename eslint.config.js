import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Who may import whom, as the table in ARCHITECTURE.md; tests/architecture.test.ts holds the whole table. */
const closed = (files, group, message) => ({
	files,
	rules: { 'no-restricted-imports': ['error', { patterns: [{ group, message }] }] },
});

export default ts.config(
	{ ignores: ['node_modules', 'build', '.svelte-kit', 'data', 'src/messages/generated'] },
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		languageOptions: { globals: { ...globals.node, ...globals.browser } },
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'no-console': 'error',
			'no-restricted-syntax': [
				'error',
				{ selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
				{ selector: 'TSEnumDeclaration', message: 'Types are erased, not compiled: use a union.' },
			],
		},
	},
	{
		files: ['**/*.ts'],
		ignores: ['src/routes/**'],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
		},
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts', 'src/routes/**/*.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
		rules: {
			'svelte/no-at-html-tags': 'error',
			// Paths are plain: the page is served from the root.
			'svelte/no-navigation-without-resolve': 'off',
		},
	},
	{ files: ['*.config.{js,ts}', '**/*.config.{js,ts}'], rules: { 'no-restricted-syntax': 'off' } },
	{ files: ['src/cli/**', '**/bench*.ts', '**/*.bench.ts', 'tests/bench/**'], rules: { 'no-console': 'off' } },
	closed(
		['rules/**/*.ts'],
		['#*', '**/src/**', '**/collectors/**', '**/tests/**', 'node:*'],
		'rules/ is a pure library: simple-statistics and its own files only.',
	),
	closed(['collectors/**/*.ts'], ['#server/*', '#rules', '**/server/**'], 'A collector knows neither hub nor rules.'),
	closed(
		['src/lib/{chart,live,components,format}/**', 'src/routes/**'],
		['#server/*', '**/server/**', 'node:*', '#collectors/*'],
		'The browser side never imports the server.',
	),
	closed(['src/lib/server/**/*.ts'], ['$app/*', '$env/*', 'svelte', 'svelte/*'], 'The server is plain Node.'),
	{ files: ['**/*.test.ts', 'tests/**'], rules: { 'no-restricted-imports': 'off' } },
);
