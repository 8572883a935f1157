import { describe, expect, it } from 'vitest';
import { LEAST_BETWEEN_MS, mayRenew, type Renewal } from './wall-renewal.svelte.ts';

const NOW = 1_000_000_000;
const QUIET = { isNewer: true, isCutOff: false, isQuiet: true, isReachable: true };

describe('a wall loads its page anew', () => {
	const f = (more: Partial<Renewal> = {}, lastMs?: number) => mayRenew({ ...QUIET, ...more }, lastMs, NOW);
	it('for a newer version', () => expect(f()).toBe(true));
	it('not without one', () => expect(f({ isNewer: false })).toBe(false));
	it('not while something calls', () => expect(f({ isQuiet: false })).toBe(false));
	it('also then, when it does not understand the server any more', () =>
		expect(f({ isQuiet: false, isCutOff: true })).toBe(true));
	it('not while the server is gone', () => expect(f({ isCutOff: true, isReachable: false })).toBe(false));
	it('not again and again', () => expect([f({}, NOW - 1000), f({}, NOW - LEAST_BETWEEN_MS)]).toEqual([false, true]));
	it('also after its clock was set back', () => expect(f({}, NOW + 1000)).toBe(true));
});
