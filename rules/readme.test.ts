import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

describe.each(['README.md', 'recommend/README.md', 'sets/README.md'])('%s', (name) => {
	const readme = readFileSync(join(import.meta.dirname, name), 'utf8');
	const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1]!);

	it.each(examples.map((code, i) => [i + 1, code] as const))('example %i prints what it says', (_, code) => {
		const index = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
		const program = code.replaceAll('@sigmascope/rules', index);
		const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
			encoding: 'utf8',
		});
		const says = [...code.matchAll(/^\/\/ prints: (.*)$/gm)].map((match) => match[1]);
		expect(stderr).toBe('');
		expect(says.length).toBeGreaterThan(0);
		expect(stdout.trim().split('\n')).toEqual(says);
	});
	it('has examples', () => expect(examples.length).toBeGreaterThan(0));
});
