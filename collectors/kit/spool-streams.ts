import type { DeclaredStream } from '#contracts/collect.ts';
import { canonicalLabels } from '#contracts/stream.ts';
import { damaged, type SpoolFile } from './spool-file.ts';

/** The streams that a queue's rows are of, numbered from 0 for the life of the file. A changed unit is another entry. */
export interface SpoolStreams {
	idOf(declaration: DeclaredStream): number;
	/** Those that were asked for since the file was opened; older ones may be of a configuration long gone. */
	current(): readonly number[];
	/** @throws RangeError for a number that was never given */
	declaration(id: number): DeclaredStream;
	/** Writes the new ones; inside a transaction. */
	save(): void;
	/** To be called once that transaction stands. */
	saved(): void;
}

export function createSpoolStreams(file: SpoolFile): SpoolStreams {
	const rows = file.sql('SELECT declaration FROM streams ORDER BY id').all();
	const texts = rows.map((row) => String(row['declaration']));
	const streams = texts.map(parsed);
	const ids = new Map(texts.map((text, id) => [text, id]));
	const current = new Set<number>();
	let savedCount = texts.length;
	function add(text: string, declaration: DeclaredStream): number {
		texts.push(text);
		ids.set(text, streams.length);
		return streams.push(declaration) - 1;
	}
	return {
		idOf(declaration) {
			const text = canonicalText(declaration);
			const id = ids.get(text) ?? add(text, declaration);
			current.add(id);
			return id;
		},
		current: () => [...current],
		declaration(id) {
			const found = streams[id];
			if (!found) throw new RangeError(`the queue has no stream ${id}`);
			return found;
		},
		save() {
			for (let id = savedCount; id < texts.length; id++)
				file.sql('INSERT INTO streams (id, declaration) VALUES (?, ?)').run(id, texts[id] ?? '');
		},
		saved() {
			savedCount = texts.length;
		},
	};
}

function parsed(text: string): DeclaredStream {
	try {
		return JSON.parse(text) as DeclaredStream;
	} catch {
		throw damaged('a stream cannot be read');
	}
}

function canonicalText({ key, unit, labels, kind }: DeclaredStream): string {
	const sorted = Object.fromEntries(JSON.parse(canonicalLabels(labels)) as [string, string][]);
	return JSON.stringify({ key, unit, labels: sorted, kind });
}
