import { describe, expect, it } from 'vitest';
import type { ApiViolation } from '#contracts/api.ts';
import { createActiveViolations } from './active-violations.ts';

function violation(id: string, rule: number, more: Partial<ApiViolation> = {}): ApiViolation {
	const stream = { id: '7', key: 'press-1/oil', labels: {}, site: 'a', unit: '' };
	return { id, stream, chart: 'i', rule, active: true, state: 'open', ...more } as ApiViolation;
}

describe('what goes on in a stream', () => {
	it('is every rule once, in order', () => {
		const active = createActiveViolations();
		active.take(violation('a', 5));
		active.take(violation('b', 1));
		expect(active.take(violation('c', 1))).toEqual(['R1', 'R5']);
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
		expect(active.take(violation('b', 2))).toEqual(['R2']);
	});
});
