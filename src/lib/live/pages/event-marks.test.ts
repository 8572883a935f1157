import { describe, expect, it } from 'vitest';
import type { ApiEvent } from '#contracts/api.ts';
import { eventMarks } from './event-marks.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();
const ms = (minute: number) => Date.parse(at(minute));
const event = (kind: ApiEvent['kind'], from: number, change: Partial<ApiEvent> = {}): ApiEvent => ({
	...{ id: `${kind} ${from}`, site: 'plant-a', kind, from: at(from), to: null, title: kind },
	...{ asset: 'press-1', streams: [], attributes: {} },
	...change,
});
const f = (events: readonly ApiEvent[], spans: readonly (readonly [number, number])[]) =>
	expect(eventMarks(events).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(spans);

describe('an event on a chart', () => {
	it('with an end is a stretch', () => f([event('maintenance', 1, { to: at(5) })], [[ms(1), ms(5)]]));
	it('of what happens in a moment is a moment', () => f([event('deploy', 1)], [[ms(1), ms(1)]]));
	it('of what stays holds until the next of its kind', () =>
		f(
			[event('lot', 9), event('lot', 1)],
			[
				[ms(1), ms(9)],
				[ms(9), Infinity],
			],
		));
	it('of another kind ends nothing', () =>
		f(
			[event('lot', 1), event('tool', 3)],
			[
				[ms(1), Infinity],
				[ms(3), Infinity],
			],
		));
	it('on another machine ends nothing', () =>
		f(
			[event('lot', 1), event('lot', 3, { asset: 'press-2' })],
			[
				[ms(1), Infinity],
				[ms(3), Infinity],
			],
		));
	it('that is but the value of a tag says of what', () =>
		expect(
			[
				event('mode', 1, { title: '2', attributes: { tag: 'press-1/mode', value: '2' } }),
				event('lot', 2, { title: 'Lot 9', attributes: { tag: 'press-1/lot', value: '9' } }),
			].map((one) => eventMarks([one])[0]?.title),
		).toEqual(['Mode: 2', 'Lot 9']));
	it('in force is told from one that somebody gave an end', () =>
		expect(eventMarks([event('lot', 1), event('lot', 2, { to: at(3) })]).map(({ isInForce }) => isInForce)).toEqual([
			true,
			undefined,
		]));
});
