import { isDocumentKind, type DocumentKind } from '#contracts/collect.ts';
import { ROW_BYTES, rowMicros, rowQuality, rowStream, rowValue, viewOf, writeRow, type Row } from '#contracts/rows.ts';

/** A gap in the numbering of the spool: `stream` is the spool's own number of it. Times in microseconds. */
export interface GapEntry {
	readonly stream: number;
	readonly from: number;
	readonly to: number;
	readonly reason: string;
}

export interface RowsPart {
	readonly kind: 'rows';
	/** Rows of #contracts/rows.ts, their stream the spool's own number. */
	readonly body: Uint8Array;
	readonly historical: boolean;
}

export interface GapsPart {
	readonly kind: 'gaps';
	readonly gaps: readonly GapEntry[];
}

/** One message, however many documents it has. */
export interface DocumentsPart {
	readonly kind: DocumentKind;
	/** As `encodeDocuments` has them. */
	readonly body: Uint8Array;
	readonly count: number;
}

/** What is queued as one item, all of one kind. */
export type Part = RowsPart | GapsPart | DocumentsPart;

export function encodeRows(rows: readonly Row[]): Uint8Array {
	const body = new Uint8Array(rows.length * ROW_BYTES);
	const view = viewOf(body);
	rows.forEach((row, i) => writeRow(view, i * ROW_BYTES, row));
	return body;
}

export function decodeRows(body: Uint8Array): Row[] {
	const view = viewOf(body);
	return Array.from({ length: body.length / ROW_BYTES }, (_, i) => ({
		stream: rowStream(view, i * ROW_BYTES),
		tMicros: rowMicros(view, i * ROW_BYTES),
		v: rowValue(view, i * ROW_BYTES),
		quality: rowQuality(view, i * ROW_BYTES),
	}));
}

export function partCount(part: Part): number {
	if (part.kind === 'gaps') return part.gaps.length;
	return part.kind === 'rows' ? part.body.length / ROW_BYTES : part.count;
}

export function partBody(part: Part): Uint8Array {
	return part.kind === 'gaps' ? new TextEncoder().encode(JSON.stringify(part.gaps)) : part.body;
}

export function parseGaps(body: Uint8Array): readonly GapEntry[] {
	return JSON.parse(new TextDecoder().decode(body)) as GapEntry[];
}

/** What is left of a part that had to be given up: one gap per stream, from its first time to its last. Of documents, nothing. */
export function gapsInstead(part: Part, reason: string): GapEntry[] {
	if (part.kind === 'rows') return rowsHull(part.body, reason);
	return part.kind === 'gaps' ? hull(part.gaps, reason) : [];
}

/** @returns one gap per stream that covers all of its given ones */
export function hull(gaps: readonly Omit<GapEntry, 'reason'>[], reason: string): GapEntry[] {
	const spans = createSpans();
	for (const { stream, from, to } of gaps) spans.add(stream, from, to);
	return spans.gaps(reason);
}

function rowsHull(body: Uint8Array, reason: string): GapEntry[] {
	const view = viewOf(body);
	const spans = createSpans();
	for (let at = 0; at < body.length; at += ROW_BYTES) {
		const t = rowMicros(view, at);
		spans.add(rowStream(view, at), t, t);
	}
	return spans.gaps(reason);
}

/** From the first time to the last, by stream. No object for each row: a full queue gives up thousands at once. */
function createSpans() {
	const byStream = new Map<number, { from: number; to: number }>();
	return {
		add(stream: number, from: number, to: number): void {
			const known = byStream.get(stream);
			if (!known) return void byStream.set(stream, { from, to });
			if (from < known.from) known.from = from;
			if (to > known.to) known.to = to;
		},
		gaps: (reason: string): GapEntry[] => [...byStream].map(([stream, span]) => ({ stream, ...span, reason })),
	};
}

/** Neighbours of one kind become one part, up to `maxBytes`; order is kept. */
export function joinParts(parts: readonly Part[], maxBytes: number): Part[] {
	const joined: { kind: Part['kind']; historical: boolean; members: Part[]; bytes: number }[] = [];
	for (const part of parts) {
		const bytes = part.kind === 'gaps' ? 0 : part.body.length;
		const historical = part.kind === 'rows' && part.historical;
		const last = joined.at(-1);
		if (last && last.kind === part.kind && last.historical === historical && last.bytes + bytes <= maxBytes) {
			last.members.push(part);
			last.bytes += bytes;
		} else joined.push({ kind: part.kind, historical, members: [part], bytes });
	}
	return joined.map(({ kind, historical, members }) => joinMembers(kind, historical, members));
}

function joinMembers(kind: Part['kind'], historical: boolean, members: readonly Part[]): Part {
	const [only] = members;
	if (members.length === 1 && only) return only;
	if (kind === 'gaps') return { kind, gaps: members.flatMap((m) => (m.kind === 'gaps' ? m.gaps : [])) };
	const body = Buffer.concat(members.map(partBody));
	if (isDocumentKind(kind)) return { kind, body, count: members.reduce((sum, member) => sum + partCount(member), 0) };
	return { kind, body, historical };
}
