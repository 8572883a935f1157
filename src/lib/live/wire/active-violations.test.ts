import { describe, expect, it } from 'vitest';
import type { ApiViolation } from '#contracts/api.ts';
import { createActiveViolations } from './active-violations.ts';

function violation(id: string, second: number, more: Partial<ApiViolation> = {}): ApiViolation {
	const stream = { id: '7', key: 'press-1/oil', labels: {}, site: 'a', unit: '' };
	const firstAt = `2026-01-01T00:00:0${second}Z`;
	return { id, stream, chart: 'i', rule: 1, firstAt, active: true, state: 'open', ...more } as ApiViolation;
}
const ids = (violations: readonly ApiViolation[]) => violations.map(({ id }) => id);

describe('what goes on in a stream', () => {
	it('is every violation once, the oldest first', () => {
		const active = createActiveViolations();
		active.take(violation('a', 5));
		active.take(violation('b', 1));
		expect(ids(active.take(violation('a', 5)))).toEqual(['b', 'a']);
	});
	it('ends with its violation', () => {
		const active = createActiveViolations();
		active.take(violation('a', 5));
		expect(active.take(violation('a', 5, { active: false }))).toEqual([]);
	});
	it('is not what somebody has resolved', () =>
		expect(createActiveViolations().take(violation('a', 5, { state: 'resolved' }))).toEqual([]));
	it('is said anew by a snapshot', () => {
		const active = createActiveViolations();
		active.take(violation('a', 5));
		active.forget('7');
		expect(ids(active.take(violation('b', 2)))).toEqual(['b']);
	});
});
