import { describe, expect, it } from 'vitest';
import { createTagEvents, eventOption, type EventOption } from './tag-event.ts';

/** `3 A7`: A7 was read at second 3. @returns what was told of it */
function told(
	readings: readonly string[],
	{ event = 'lot' as EventOption, known = new Map() as ReadonlyMap<string, Uint8Array> } = {},
) {
	const tags = createTagEvents(known);
	const tag = tags.open({ key: 'press-1/lot', event });
	for (const reading of readings) {
		const [, second, value = ''] = /^(\d+) (.*)$/s.exec(reading) ?? [];
		tag.take(Number(second) * 1e6, value);
	}
	const { events, notes } = tags.drain();
	return {
		notes,
		events: events.map(({ tMicros, title, kind, asset }) => `${tMicros / 1e6} ${kind} ${title} of ${asset}`),
	};
}

describe('a tag that says what is in force', () => {
	const f = (readings: string[], want: string[]) => expect(told(readings).events).toEqual(want);
	it('tells an event when it changes, however often it is read', () =>
		f(['1 A', '2 A', '3 B', '4 B', '5 A'], ['1 lot A of press-1', '3 lot B of press-1', '5 lot A of press-1']));
	it('tells nothing while it is empty, and the same lot after that is the same', () =>
		f(['1 A', '2 ', '3 A'], ['1 lot A of press-1']));
	it('has nothing in its title that nobody sees', () => f(['1 A\u202e\n7'], ['1 lot A 7 of press-1']));
	it('does not go back in time', () => f(['5 A', '4 B'], ['5 lot A of press-1']));
	it('is worded as the configuration says', () =>
		expect(told(['1 7'], { event: { kind: 'tool', title: 'Insert T{value}', values: {} } }).events).toEqual([
			'1 tool Insert T7 of press-1',
		]));
	const mode: EventOption = {
		kind: 'mode',
		title: 'Mode {value}',
		values: { 1: 'automatic', 2: 'manual', 3: 'manual' },
	};
	it('is called by the word of its number, two numbers of one word are the same, and one without a word is itself', () =>
		expect(told(['1 1', '2 2', '3 3', '4 7'], { event: mode }).events).toEqual([
			'1 mode Mode automatic of press-1',
			'2 mode Mode manual of press-1',
			'4 mode Mode 7 of press-1',
		]));
	it('has no words of what every object has', () =>
		expect(told(['1 toString'], { event: mode }).events).toEqual(['1 mode Mode toString of press-1']));
	it('is the same after a restart, from what was kept with the event that it began', () => {
		const { notes } = told(['1 A']);
		expect(told(['9 A', '10 B'], { known: notes }).events).toEqual(['10 lot B of press-1']);
	});
	it('begins anew where what was kept cannot be read', () =>
		expect(told(['9 A'], { known: new Map([['event lot press-1/lot', new Uint8Array([1])]]) }).events).toHaveLength(1));
	it('is a kind that there is', () => expect(eventOption.safeParse('colour').success).toBe(false));
});
