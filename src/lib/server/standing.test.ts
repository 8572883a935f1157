import { describe, expect, it } from 'vitest';
import type { Metadata } from './metadata/port.ts';
import { createStanding } from './standing.ts';

const START = new Date('2026-01-31T12:00:00Z');
const MICROS = START.getTime() * 1000;

/** One violation of our own health, as metadata answers. */
const violations = {
	list: async () => ({ items: [{ streamId: 7, firstMicros: MICROS, endedMicros: null }], cursor: null }),
};
const streams = { some: async () => [{ stream: { id: 7, key: 'health/store' } }] };
const metadata = { violations, streams } as unknown as Metadata;

function make(states: readonly Readonly<Record<string, string>>[]) {
	let [asked, minutes] = [0, 0];
	const standing = createStanding({
		health: async () => ({ status: 'ready', parts: states[Math.min(asked++, states.length - 1)] ?? {} }),
		metadata,
		startedAt: START,
		wallMs: () => START.getTime() + 60_000 * minutes++,
	});
	return standing;
}

describe('how the server stands', () => {
	it('what was so when first seen has been so since the start', async () => {
		const { parts } = await make([{ store: 'up' }]).status();
		expect(parts).toEqual([{ name: 'store', state: 'up', since: START.toISOString() }]);
	});
	it('a change is dated by when it was seen first, and not moved by looking again', async () => {
		const standing = make([{ store: 'up' }, { store: 'down' }, { store: 'down' }]);
		await standing.health();
		await standing.health();
		const { parts } = await standing.status();
		expect(parts).toEqual([{ name: 'store', state: 'down', since: START.toISOString() }]);
	});
	it('what went and came back is new', async () => {
		const standing = make([{ 'collector a': 'up' }, {}, { 'collector a': 'waiting' }]);
		for (let i = 0; i < 2; i++) await standing.health();
		expect((await standing.status()).parts[0]?.state).toBe('waiting');
	});
	it('incidents are those of our own health', async () =>
		expect((await make([{}]).status()).incidents).toEqual([{ part: 'store', from: '2026-01-31T12:00:00Z', to: null }]));
});
