import { BATCH_HEADER_BYTES, encodeBatch, encodeDocumentBatch, type DeclaredStream } from '#contracts/collect.ts';
import { ROW_BYTES, rowStream, setRowStream, viewOf } from '#contracts/rows.ts';
import type { Message } from './spool-message.ts';

/** The streams of one connection: the hub knows them by the order in which they were declared. */
export interface Wire {
	/** Takes these into the numbering. @returns the declarations that the hub has to hear first, in order */
	declare(streamIds: readonly number[]): DeclaredStream[];
	/** A message with the numbers of this connection, text for a gap, bytes for rows, and what is to be declared before. */
	encode(message: Message): { readonly frame: string | Uint8Array; readonly declare: readonly DeclaredStream[] };
}

export function createWire(declaration: (streamId: number) => DeclaredStream): Wire {
	/** Numbers of this connection by the spool's numbers of the streams, which count from 0. */
	const indexes: (number | undefined)[] = [];
	let count = 0;

	/** Hot: once for each row. */
	function indexOf(streamId: number, fresh: DeclaredStream[]): number {
		return indexes[streamId] ?? take(streamId, fresh);
	}

	function take(streamId: number, fresh: DeclaredStream[]): number {
		fresh.push(declaration(streamId));
		indexes[streamId] = count;
		return count++;
	}

	return {
		declare(streamIds) {
			const fresh: DeclaredStream[] = [];
			for (const id of streamIds) indexOf(id, fresh);
			return fresh;
		},
		encode(message) {
			const { seq } = message;
			const declare: DeclaredStream[] = [];
			if (message.kind === 'gap') {
				const gap = { ...message.gap, stream: indexOf(message.gap.stream, declare) };
				return { frame: JSON.stringify({ seq, gap }), declare };
			}
			if (message.kind !== 'rows') {
				const { kind, body: lines, count: documents } = message;
				return { frame: encodeDocumentBatch({ kind, seq, lines, count: documents }), declare };
			}
			const { body: rows, historical } = message;
			const frame = encodeBatch({ seq, rows, count: rows.length / ROW_BYTES, historical });
			const view = viewOf(frame);
			for (let at = BATCH_HEADER_BYTES; at < frame.length; at += ROW_BYTES)
				setRowStream(view, at, indexOf(rowStream(view, at), declare));
			return { frame, declare };
		},
	};
}
