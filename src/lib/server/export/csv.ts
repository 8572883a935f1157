import { EXPORT_COLUMNS, exportedName } from '#contracts/export.ts';
import type { Store } from '#server/store/port.ts';
import type { Gate } from './gate.ts';
import type { Stretch } from './stretches.ts';

export interface CsvExport {
	readonly store: Pick<Store, 'exported'>;
	readonly gate: Gate;
	readonly stretches: readonly Stretch[];
	readonly asOfMicros: number;
	/** The last row that is there already: its stream's rows up to it, and those of streams before it, are left out, and the head. */
	readonly after: { readonly streamId: number; readonly tMicros: number } | undefined;
}

/**
 * Rows by stream and time, as ClickHouse writes them. Each stretch is taken from the store as a whole before it is handed on:
 * who reads slowly holds a few megabytes here, and no query there.
 */
export async function* csvOf(wanted: CsvExport, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const { stretches, after, asOfMicros } = wanted;
	if (!after) yield Buffer.from(`${EXPORT_COLUMNS.join(',')}\n`);
	for (const { of, slices } of stretches) {
		if (after && of.stream.id < after.streamId) continue;
		const streams = [{ id: of.stream.id, name: exportedName(of.stream) }];
		for (const slice of slices) {
			const fromMicros =
				after?.streamId === of.stream.id ? Math.max(slice.fromMicros, after.tMicros + 1) : slice.fromMicros;
			if (fromMicros > slice.toMicros) continue;
			const range = { fromMicros, toMicros: slice.toMicros };
			const wish = { format: 'csv', streams, ...range, asOfMicros } as const;
			yield* await wanted.gate.pass(async () => {
				const chunks: Uint8Array[] = [];
				for await (const chunk of await wanted.store.exported(wish, signal)) chunks.push(chunk);
				return chunks;
			}, signal);
		}
	}
}
