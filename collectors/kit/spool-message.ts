import { isDocumentKind, type DocumentKind } from '#contracts/collect.ts';
import { ROW_BYTES } from '#contracts/rows.ts';
import { parseGaps, type GapEntry, type Part } from './spool-part.ts';

/** What goes to the hub under one number; streams are the spool's own numbers. */
export type Message = {
	readonly seq: number;
	/** When it went to disk, by this machine's clock. */
	readonly writtenMs: number;
} & (
	| { readonly kind: 'rows'; readonly body: Uint8Array; readonly historical: boolean }
	| { readonly kind: 'gap'; readonly gap: GapEntry }
	| { readonly kind: DocumentKind; readonly body: Uint8Array; readonly count: number }
);

/** @returns how many points or documents it has; a gap counts as one */
export function rowsOf(message: Message): number {
	if (message.kind === 'gap') return 1;
	return message.kind === 'rows' ? message.body.length / ROW_BYTES : message.count;
}

/** The message of number `seq` of an item that begins at `item.seq`. */
export function messageOf(
	item: {
		readonly kind: Part['kind'];
		readonly historical: 0 | 1;
		readonly writtenMs: number;
		readonly count: number;
		readonly seq: number;
		readonly chunk: number;
	},
	body: Uint8Array,
	seq: number,
): Message {
	const index = seq - item.seq;
	const { writtenMs } = item;
	if (item.kind === 'rows') {
		const from = index * item.chunk * ROW_BYTES;
		const to = from + item.chunk * ROW_BYTES;
		return { kind: 'rows', seq, writtenMs, body: body.subarray(from, to), historical: item.historical === 1 };
	}
	if (isDocumentKind(item.kind)) return { kind: item.kind, seq, writtenMs, body, count: item.count };
	const gap = parseGaps(body)[index];
	if (!gap) throw new RangeError(`the queue has no message ${seq}`);
	return { kind: 'gap', seq, writtenMs, gap };
}
