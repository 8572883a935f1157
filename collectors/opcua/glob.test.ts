import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGlob, type Glob } from './glob.ts';

function matches(pattern: string, path: string): boolean {
	const glob = parseGlob(pattern);
	if (!glob) throw new Error(`no glob: ${pattern}`);
	const at = path.split('/').reduce<readonly Glob[]>((globs, name) => globs.flatMap((one) => one.below(name)), [glob]);
	return at.some(({ isEnd }) => isEnd);
}

describe('a path of browse names', () => {
	const yes = (pattern: string, path: string) => expect(matches(pattern, path)).toBe(true);
	const no = (pattern: string, path: string) => expect(matches(pattern, path)).toBe(false);
	it('matches itself', () => yes('Objects/Machine/Load', 'Objects/Machine/Load'));
	it('matches no other case', () => no('Objects/machine', 'Objects/Machine'));
	it('matches neither part nor more of a path', () => {
		no('Objects/Machine', 'Objects');
		no('Objects', 'Objects/Machine');
	});
	it('has * for a part of a name', () => yes('Objects/M*e/T*', 'Objects/Machine/Temperature'));
	it('has * for one name and not for two', () => no('Objects/*/T', 'Objects/a/b/T'));
	it('has ** for none, one and several names', () => {
		for (const path of ['Objects/T', 'Objects/a/T', 'Objects/a/b/c/T']) yes('Objects/**/T', path);
	});
	it('has ** at the end for all that is below', () => yes('Objects/Machine/**', 'Objects/Machine/a/b'));
	it('takes every other character as it is', () => {
		yes('O/a.b[0] (°C)?$', 'O/a.b[0] (°C)?$');
		no('O/a.b', 'O/axb');
	});
	it.each(['', '/a', 'a/', 'a//b'])('is not %j', (text) => expect(parseGlob(text)).toBeUndefined());
	it('never throws and is linear enough, whatever stands in it', () =>
		fc.assert(
			fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (pattern, path) => {
				if (parseGlob(pattern)) matches(pattern, path);
			}),
			{ numRuns: 10_000 },
		));
});
