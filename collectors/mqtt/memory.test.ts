import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemory, type Memory } from './memory.ts';

const make = (notes: ReadonlyMap<string, Uint8Array> = new Map(), capacity = 100) =>
	createMemory({ notes, inFlight: 10, capacity, perNote: 20 });
/** Its notes as a disk keeps them. */
function createDisk() {
	const notes = new Map<string, Uint8Array>();
	return {
		notes,
		save(memory: Memory) {
			const changes = memory.changes();
			for (const [name, bytes] of changes) {
				if (bytes.length > 0) notes.set(name, bytes.slice());
				else notes.delete(name);
			}
			return [...changes.keys()];
		},
	};
}
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
		const disk = createDisk();
		count(memory, 1, 30);
		disk.save(memory);
		count(memory, 31, 60);
		disk.save(memory);
		expect(count(make(disk.notes), 1, 60, true)).toEqual(all(60, true));
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
		const disk = createDisk();
		disk.save(memory);
		memory.clear();
		disk.save(memory);
		expect([memory.take(2, 2, true), make(disk.notes).take(3, 3, true), disk.notes.size]).toEqual([false, false, 0]);
	});
	it('is forgotten after as many as there is room for', () => {
		const memory = make(new Map(), 20);
		count(memory, 1, 21);
		expect([memory.take(2, 2, true), memory.take(1, 1, true)]).toEqual([true, false]);
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
		const memory = make(new Map(), 32_000);
		for (let i = 0; i < 65_535; i++) memory.take(i + 1, 7, false);
		memory.resume();
		expect([memory.take(65_535, 7, false), memory.take(1, 7, false)]).toEqual([true, false]);
	});
	it('keeps its count beyond our restart, and round the end of the identifiers', () => {
		const memory = make();
		const disk = createDisk();
		const id = (i: number) => ((65_520 + i - 1) % 65_535) + 1;
		for (let i = 0; i < 30; i++) memory.take(id(i), i, false);
		disk.save(memory);
		const next = make(disk.notes);
		next.resume();
		expect(Array.from({ length: 30 }, (_, i) => next.take(id(i), i, false))).toEqual(all(30, true));
	});
	it('is believed after it has given identifiers again that it had forgotten', () => {
		const memory = resumed(50);
		count(memory, 30, 40);
		for (let id = 41; id < 45; id++) memory.take(id, id + 1000, false);
		memory.resume();
		const again = [memory.take(43, 1043, false), memory.take(44, 1044, false), memory.take(45, 45, false)];
		expect(again).toEqual([true, true, false]);
	});
});

describe('what is written', () => {
	it('is the newest note, and each that was filled since', () => {
		const memory = make();
		const disk = createDisk();
		count(memory, 1, 5);
		expect(disk.save(memory)).toEqual(['recent/0']);
		expect(disk.save(memory)).toEqual([]);
		count(memory, 6, 45);
		expect(disk.save(memory)).toEqual(['recent/0', 'recent/1', 'recent/2']);
	});
	it('is enough for as many as are promised, however many came and wherever a process ended', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 20 }), (lots) => {
				const disk = createDisk();
				let last = 0;
				for (const lot of lots) {
					const memory = make(disk.notes);
					count(memory, last + 1, last + lot);
					last += lot;
					disk.save(memory);
				}
				const from = Math.max(1, last - 99);
				expect(count(make(disk.notes), from, last, true)).toEqual(all(last - from + 1, true));
			}),
		);
	});
	it('is of bounded size', () => {
		const memory = make();
		const disk = createDisk();
		for (let id = 1; id <= 5000; id++) {
			memory.take(id, id, false);
			disk.save(memory);
		}
		expect(disk.notes.size).toBe(6);
	});
	it('that cannot be read is nothing', () =>
		expect(make(new Map([['recent/0', Buffer.from('AAAA')]])).take(1, 1, true)).toBe(false));
});
