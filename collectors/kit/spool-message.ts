import { ROW_BYTES } from '#contracts/rows.ts';
import { parseGaps, type GapEntry, type Part } from './spool-part.ts';

/** What goes to the hub under one number; streams are the spool's own numbers. */
export type Message =
	| { readonly kind: 'rows'; readonly seq: number; readonly body: Uint8Array; readonly historical: boolean }
	| { readonly kind: 'gap'; readonly seq: number; readonly gap: GapEntry };

/** The message of number `seq` of an item that begins at `item.seq`. */
export function messageOf(
	item: { readonly kind: Part['kind']; readonly historical: 0 | 1; readonly seq: number; readonly chunk: number },
	body: Uint8Array,
	seq: number,
): Message {
	const index = seq - item.seq;
	if (item.kind === 'rows') {
		const from = index * item.chunk * ROW_BYTES;
		const to = from + item.chunk * ROW_BYTES;
		return { kind: 'rows', seq, body: body.subarray(from, to), historical: item.historical === 1 };
	}
	const gap = parseGaps(body)[index];
	if (!gap) throw new RangeError(`the queue has no message ${seq}`);
	return { kind: 'gap', seq, gap };
}
