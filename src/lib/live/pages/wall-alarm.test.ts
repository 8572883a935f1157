import { describe, expect, it } from 'vitest';
import type { ApiViolation } from '#contracts/api.ts';
import type { Severity } from '#contracts/violation.ts';
import { callingOf, urgencyOf, type SoundFrom } from './wall-alarm.ts';

const violation = (id: string, severity: Severity, more: Partial<ApiViolation> = {}) =>
	({ id, severity, active: true, state: 'open', firstAt: id, ...more }) as ApiViolation;

describe('what a wall calls for', () => {
	const f = (...violations: ApiViolation[]) => callingOf(violations).map(({ id }) => id);
	it('is what goes on and nobody has acknowledged', () => expect(f(violation('a', 'warning'))).toEqual(['a']));
	it('is not what is over', () => expect(f(violation('a', 'critical', { active: false }))).toEqual([]));
	it('is not what somebody has acknowledged', () =>
		expect(f(violation('a', 'critical', { state: 'acknowledged' }))).toEqual([]));
	it('is the worst first, then the oldest', () =>
		expect(f(violation('b', 'warning'), violation('a', 'warning'), violation('c', 'critical'))).toEqual([
			'c',
			'a',
			'b',
		]));
});

describe('the sound', () => {
	const f = (from: SoundFrom, silenced: string[], ...violations: ApiViolation[]) =>
		urgencyOf(callingOf(violations), { from, silenced: new Set(silenced) });
	it('is as urgent as the worst', () =>
		expect(f('info', [], violation('a', 'info'), violation('b', 'critical'))).toBe('critical'));
	it('is none below what the wall is set to', () =>
		expect(f('critical', [], violation('a', 'warning'))).toBeUndefined());
	it('is none where it is off', () => expect(f('off', [], violation('a', 'critical'))).toBeUndefined());
	it('is none of what was silenced here', () => expect(f('info', ['a'], violation('a', 'critical'))).toBeUndefined());
	it('comes back with something new', () =>
		expect(f('info', ['a'], violation('a', 'critical'), violation('b', 'warning'))).toBe('warning'));
});
