import type { Command } from '#contracts/command.ts';
import { createObservedTime, observeTick, type ObservedTime } from '#contracts/observed-time.ts';
import { viewOf } from '#contracts/rows.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Journal } from '#server/journal/port.ts';
import type { NewestTimes } from './batch.ts';

/**
 * Which points of streams that wait for older ones (`reorder` of a plan) are late, by the rule of the engine (engine/hold.ts)
 * over the same records: what is not after the newest by so much, and what is not after what has been judged without it, at a tick, at a
 * gap, or under another plan.
 */
export interface Waiting {
	/** @param last the newest t of the stream, which t is before */
	isLate(stream: number, t: number, last: number): boolean;
	/** The newest t of a stream moves on. */
	moves(stream: number): void;
	obey(command: Command, newest: NewestTimes): void;
	/** Whether it has changed since it was read or noted. */
	readonly isChanged: boolean;
	/** As values for the journal. */
	encode(): readonly Uint8Array[];
	noted(): void;
}

interface Window {
	readonly reorderMicros: number;
	/** Up to here all that came has been judged. */
	floorMicros: number;
	/** Nothing newer has come since then, in observed time; NaN = that has not been looked at, or nothing waits. */
	sinceMicros: number;
	/** Something newer has come since the last tick. */
	isFresh: boolean;
}

export function createWaiting(values: readonly Uint8Array[] = []): Waiting {
	const time = createObservedTime();
	const windows = new Map<number, Window>();
	for (const value of values) decode(value, time, windows);
	let isChanged = false;

	function tick(tMicros: number, newest: NewestTimes): void {
		observeTick(time, tMicros);
		for (const [stream, window] of windows) {
			if (window.isFresh) {
				window.isFresh = false;
				window.sinceMicros = time.nowMicros;
			} else if (time.nowMicros - window.sinceMicros >= window.reorderMicros) {
				window.floorMicros = newest.get(stream) ?? -Infinity;
				window.sinceMicros = NaN;
			}
		}
	}

	return {
		isLate(stream, t, last) {
			const window = windows.get(stream);
			return window === undefined || t <= window.floorMicros || t <= last - window.reorderMicros;
		},
		moves(stream) {
			if (windows.size === 0) return;
			const window = windows.get(stream);
			if (window !== undefined) window.isFresh = true;
		},
		obey(command, newest) {
			if (command.type === 'tick') tick(command.tMicros, newest);
			if (command.type === 'stream') {
				const { stream, plan } = command;
				// A plan of an older version has a text there, which meant none.
				if (!(typeof plan.reorder === 'number' && plan.reorder > 0)) isChanged = windows.delete(stream.id) || isChanged;
				else windows.set(stream.id, judged(plan.reorder * MICROS_PER_MS, newest.get(stream.id)));
			}
			if (command.type === 'gap') {
				const window = windows.get(command.streamId);
				const last = newest.get(command.streamId) ?? -Infinity;
				if (window) window.floorMicros = Math.max(window.floorMicros, Math.min(command.toMicros, last));
			}
			isChanged ||= windows.size > 0;
		},
		get isChanged() {
			return isChanged;
		},
		encode: () => encode(time, windows),
		noted: () => void (isChanged = false),
	};
}

/** A window in which nothing waits. */
function judged(reorderMicros: number, lastMicros = -Infinity): Window {
	return { reorderMicros, floorMicros: lastMicros, sinceMicros: NaN, isFresh: false };
}

const TIME_BYTES = 24;
const WINDOW_BYTES = 29;
/** A value of the journal has to stay below 512 kB. */
const WINDOWS_PER_VALUE = 15_000;

function encode(time: ObservedTime, windows: ReadonlyMap<number, Window>): Uint8Array[] {
	const all = [...windows];
	return Array.from({ length: Math.max(1, Math.ceil(all.length / WINDOWS_PER_VALUE)) }, (_, chunk) => {
		const some = all.slice(chunk * WINDOWS_PER_VALUE, (chunk + 1) * WINDOWS_PER_VALUE);
		const bytes = new Uint8Array(TIME_BYTES + some.length * WINDOW_BYTES);
		const view = viewOf(bytes);
		[time.tickMicros, time.nowMicros, time.sinceMicros].forEach((micros, i) => view.setFloat64(8 * i, micros, true));
		some.forEach(([stream, window], i) => {
			const at = TIME_BYTES + i * WINDOW_BYTES;
			view.setUint32(at, stream, true);
			view.setFloat64(at + 4, window.reorderMicros, true);
			view.setFloat64(at + 12, window.floorMicros, true);
			view.setFloat64(at + 20, window.sinceMicros, true);
			view.setUint8(at + 28, window.isFresh ? 1 : 0);
		});
		return bytes;
	});
}

function decode(bytes: Uint8Array, time: ObservedTime, windows: Map<number, Window>): void {
	const view = viewOf(bytes);
	const at = (i: number) => view.getFloat64(8 * i, true);
	Object.assign(time, { tickMicros: at(0), nowMicros: at(1), sinceMicros: at(2) });
	for (let from = TIME_BYTES; from < bytes.length; from += WINDOW_BYTES)
		windows.set(view.getUint32(from, true), {
			reorderMicros: view.getFloat64(from + 4, true),
			floorMicros: view.getFloat64(from + 12, true),
			sinceMicros: view.getFloat64(from + 20, true),
			isFresh: view.getUint8(from + 28) === 1,
		});
}

/** Windows in the journal's values: `writer/<partition>/waiting/<n>`. */
export function createWaitingFile(journal: Pick<Journal, 'list'>, partition: number) {
	const prefix = `writer/${partition}/waiting/`;
	let values = 0;
	return {
		/** @returns undefined when nothing has ever been noted */
		async read(): Promise<Waiting | undefined> {
			const kept = await journal.list(prefix);
			values = kept.length;
			return kept.length === 0 ? undefined : createWaiting(kept.map(({ value }) => value));
		},
		/** Those of before that are too many are left without a window. */
		entries(waiting: Waiting): readonly { readonly key: string; readonly value: Uint8Array }[] {
			const encoded = [...waiting.encode()];
			while (encoded.length < values) encoded.push(encoded[0]!.slice(0, TIME_BYTES));
			values = encoded.length;
			return encoded.map((value, i) => ({ key: `${prefix}${i}`, value }));
		},
	};
}
