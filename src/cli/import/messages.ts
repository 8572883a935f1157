import { QUALITY } from '#contracts/point.ts';
import { ROW_BYTES, viewOf, writeRow } from '#contracts/rows.ts';

/** What is sent under one number: rows of ../../lib/contracts/rows.ts with the stream's number in the file, or a gap. */
export type ImportMessage =
	| { readonly rows: Uint8Array; readonly count: number }
	| { readonly gap: { readonly stream: number; readonly from: number; readonly to: number; readonly reason: string } };

type Gap = Extract<ImportMessage, { gap: unknown }>['gap'];

/** 420 kB: what a hub takes at once. */
export const ROWS_PER_MESSAGE = 20_000;

/** Gathers rows and gaps of a file into messages, in their order: what is missing has to be told where it is missing. */
export interface MessageWriter {
	row(stream: number, tMicros: number, v: number): void;
	/** Gaps of one stream with nothing in between become one. */
	gap(stream: number, fromMicros: number, toMicros: number, reason: string): void;
	/** The messages since the last call. */
	take(): ImportMessage[];
}

export function createMessageWriter(): MessageWriter {
	let messages: ImportMessage[] = [];
	let bytes = new Uint8Array(ROWS_PER_MESSAGE * ROW_BYTES);
	let view = viewOf(bytes);
	let count = 0;
	let open: Gap | undefined;

	function closeRows(): void {
		if (count > 0) messages.push({ rows: bytes.slice(0, count * ROW_BYTES), count });
		count = 0;
	}

	function closeGap(): void {
		if (open !== undefined) messages.push({ gap: open });
		open = undefined;
	}

	return {
		row(stream, tMicros, v) {
			if (open !== undefined) closeGap();
			writeRow(view, count * ROW_BYTES, { stream, tMicros, v, quality: QUALITY.good });
			if (++count < ROWS_PER_MESSAGE) return;
			messages.push({ rows: bytes, count });
			bytes = new Uint8Array(ROWS_PER_MESSAGE * ROW_BYTES);
			view = viewOf(bytes);
			count = 0;
		},
		gap(stream, from, to, reason) {
			closeRows();
			if (open?.stream === stream && open.reason === reason) {
				open = { ...open, from: Math.min(open.from, from), to: Math.max(open.to, to) };
				return;
			}
			closeGap();
			open = { stream, from: Math.min(from, to), to, reason: reason.slice(0, 200) };
		},
		take() {
			closeRows();
			closeGap();
			const taken = messages;
			messages = [];
			return taken;
		},
	};
}
