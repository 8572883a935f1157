import { BATCH_HEADER_BYTES, encodeBatch, type DeclaredStream } from '#contracts/collect.ts';
import { ROW_BYTES, rowStream, setRowStream, viewOf } from '#contracts/rows.ts';
import type { Message } from './spool-message.ts';

/** The streams of one connection: the hub knows them by the order in which they were declared. */
export interface Wire {
	/** Takes these into the numbering. @returns the declarations that the hub has to hear first, in order */
	declare(streamIds: Iterable<number>): DeclaredStream[];
	/** A message with the numbers of this connection: text for a gap, bytes for rows. Its streams must be declared. */
	encode(message: Message): string | Uint8Array;
}

export function createWire(declaration: (streamId: number) => DeclaredStream): Wire {
	/** Numbers of this connection by the spool's numbers of the streams. */
	const indexes = new Map<number, number>();
	const indexOf = (streamId: number) => {
		const index = indexes.get(streamId);
		if (index === undefined) throw new RangeError(`stream ${streamId} is not declared on this connection`);
		return index;
	};
	return {
		declare(streamIds) {
			const fresh = [...new Set(streamIds)].filter((id) => !indexes.has(id));
			for (const id of fresh) indexes.set(id, indexes.size);
			return fresh.map(declaration);
		},
		encode(message) {
			const { seq } = message;
			if (message.kind === 'gap')
				return JSON.stringify({ seq, gap: { ...message.gap, stream: indexOf(message.gap.stream) } });
			const { body: rows, historical } = message;
			const frame = encodeBatch({ seq, rows, count: rows.length / ROW_BYTES, historical });
			const view = viewOf(frame);
			for (let at = BATCH_HEADER_BYTES; at < frame.length; at += ROW_BYTES)
				setRowStream(view, at, indexOf(rowStream(view, at)));
			return frame;
		},
	};
}

export function* streamsOf(message: Message): Generator<number> {
	if (message.kind === 'gap') return yield message.gap.stream;
	const view = viewOf(message.body);
	for (let at = 0; at < message.body.length; at += ROW_BYTES) yield rowStream(view, at);
}
