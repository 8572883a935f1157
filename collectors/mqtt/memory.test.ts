import { describe, expect, it } from 'vitest';
import { createMemory, type Memory } from './memory.ts';

const make = (encoded = '', capacity = 100) => createMemory({ encoded, inFlight: 10, capacity });
/** Takes messages from..to, whose content is their number. */
const count = (memory: Memory, from: number, to: number, isMarked = false) =>
	Array.from({ length: to - from + 1 }, (_, i) => memory.take(from + i, from + i, isMarked));
const all = (length: number, value: boolean) => Array<boolean>(length).fill(value);

describe('a message that is delivered again', () => {
	it('is known by its mark, identifier and content', () => {
		const memory = make();
		count(memory, 1, 3);
		expect(memory.take(2, 2, true)).toBe(true);
	});
	it('is known by the process after ours', () => {
		const memory = make();
		count(memory, 1, 60);
		expect(count(make(memory.encode()), 1, 60, true)).toEqual(all(60, true));
	});
	it('is new when only the mark says so', () => expect(make().take(5, 5, true)).toBe(false));
	it('is new when the identifier came back with other content', () => {
		const memory = make();
		count(memory, 1, 3);
		expect(memory.take(2, 99, true)).toBe(false);
	});
	it('is new without the mark: an identifier may be free again at once', () => {
		const memory = make();
		memory.take(1, 7, false);
		expect(memory.take(1, 7, false)).toBe(false);
	});
	it('is forgotten with the session', () => {
		const memory = make();
		count(memory, 1, 3);
		memory.clear();
		expect(memory.take(2, 2, true)).toBe(false);
	});
	it('is forgotten after as many as there is room for', () => {
		const memory = make('', 20);
		count(memory, 1, 21);
		expect([memory.take(1, 1, true), memory.take(2, 2, true)]).toEqual([false, false]);
		expect(memory.take(15, 15, true)).toBe(true);
	});
});

describe('a broker that repeats what it has forgotten', () => {
	const resumed = (to: number) => {
		const memory = make();
		count(memory, 1, to);
		memory.resume();
		return memory;
	};
	it('is believed at the beginning of a connection, also without marks', () => {
		const memory = resumed(50);
		expect([...count(memory, 20, 50), ...count(memory, 51, 52)]).toEqual([...all(31, true), ...all(2, false)]);
	});
	it('is believed no longer once something new has come', () => {
		const memory = resumed(50);
		count(memory, 51, 51);
		expect(count(memory, 20, 21)).toEqual([false, false]);
	});
	it('is not believed when its identifiers are not counted: equal values look the same', () => {
		const memory = make();
		for (let i = 0; i < 50; i++) memory.take(1, 7, false);
		memory.resume();
		expect(memory.take(1, 7, false)).toBe(false);
	});
	it('that counts round may send equal content under an identifier of long ago', () => {
		const memory = make('', 70_000);
		for (let i = 0; i < 65_535; i++) memory.take(i + 1, 7, false);
		memory.resume();
		expect([memory.take(65_535, 7, false), memory.take(1, 7, false)]).toEqual([true, false]);
	});
	it('keeps its count beyond our restart, and round the end of the identifiers', () => {
		const memory = make();
		for (let i = 0; i < 30; i++) memory.take(((65_520 + i - 1) % 65_535) + 1, i, false);
		const next = make(memory.encode());
		next.resume();
		expect(Array.from({ length: 30 }, (_, i) => next.take(((65_520 + i - 1) % 65_535) + 1, i, false))).toEqual(
			all(30, true),
		);
	});
});

it('a memory that cannot be read is an empty one', () => expect(make('AAAA!!').take(1, 1, true)).toBe(false));
