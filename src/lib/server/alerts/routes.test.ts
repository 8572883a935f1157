import { describe, expect, it } from 'vitest';
import { routeSchema } from '#contracts/alert-config.ts';
import type { Violation } from '#contracts/violation.ts';
import { compileRoute } from './routes.ts';
import { episode, START } from './testing/desk.ts';

const HOUR = 3_600_000_000;

describe('which routes tell of a violation that opens', () => {
	const f = (route: object, more: Partial<Violation> & { readonly planRoute?: string; readonly at?: number } = {}) => {
		const { planRoute, at = START, ...violation } = more;
		const config = routeSchema.parse({ ...route, channels: [{ type: 'webhook' }] });
		const stream = { id: 1, site: 'plant-a', asset: 'press-1', key: 'press-1/temperature' };
		const opened = { ...episode('v1', violation), state: 'open' as const, cause: null, assignee: null };
		return expect(compileRoute('ops', config).takes({ violation: opened, stream, route: planRoute }, at));
	};
	it('every one without match', () => f({}).toBe(true));
	it('by asset', () => f({ match: { asset: 'press-*' } }).toBe(true));
	it('not by another asset', () => f({ match: { asset: 'mill-*' } }).toBe(false));
	it('by one of several sites', () => f({ match: { site: ['plant-b', 'plant-a'] } }).toBe(true));
	it('not by another site', () => f({ match: { site: 'plant-b' } }).toBe(false));
	it('by the key of the stream', () => f({ match: { stream: 'press-1/*' } }).toBe(true));
	it('a star is one segment', () => f({ match: { stream: 'press*' } }).toBe(false));
	it('by rule', () => f({ match: { rule: [1, 'no-data'] } }).toBe(true));
	it('not by another rule', () => f({ match: { rule: 2 } }).toBe(false));
	it('no data is a rule like others', () => f({ match: { rule: 'no-data' } }, { rule: 'no-data' }).toBe(true));
	it('all that is said has to fit', () => f({ match: { asset: 'press-*', rule: 2 } }).toBe(false));
	it('by severity', () => f({ match: { severity: 'warning' } }).toBe(true));
	it('not what is too slight', () => f({ minSeverity: 'critical' }).toBe(false));
	it('what is graver', () => f({ minSeverity: 'info' }, { severity: 'critical' }).toBe(true));
	it('one that the plan names', () => f({ match: 'none' }, { planRoute: 'ops' }).toBe(true));
	it('also when the match is of others', () => f({ match: { asset: 'mill-*' } }, { planRoute: 'ops' }).toBe(true));
	it('none, unless a plan names it', () => f({ match: 'none' }, { planRoute: 'other' }).toBe(false));
	it('within its hours', () => f({ during: [{ days: ['mon'], from: '06:00', to: '14:00' }] }).toBe(true));
	it('not on other days', () => f({ during: [{ days: ['tue'], from: '06:00', to: '14:00' }] }).toBe(false));
	it('not outside of its hours', () => f({ during: [{ from: '14:00', to: '22:00' }] }).toBe(false));
	it('in hours of another zone', () => f({ during: [{ from: '21:00', to: '22:00', zone: 'Asia/Tokyo' }] }).toBe(true));
	it('past midnight', () => f({ during: [{ from: '22:00', to: '06:00' }] }, { at: START - 8 * HOUR }).toBe(true));
	it('past midnight of the day on which it began', () =>
		f({ during: [{ days: ['sun'], from: '22:00', to: '06:00' }] }, { at: START - 8 * HOUR }).toBe(true));
	it('not past midnight of a day on which it did not', () =>
		f({ during: [{ days: ['mon'], from: '22:00', to: '06:00' }] }, { at: START - 8 * HOUR }).toBe(false));
});
