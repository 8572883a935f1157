import type { DocumentKind } from '#contracts/collect.ts';
import { ROW_BYTES, viewOf, writeRow } from '#contracts/rows.ts';
import type { PointSeen } from './collector.ts';
import type { GapEntry, Part } from './spool-part.ts';
import type { SpoolWrite } from './spool.ts';

/**
 * What goes to disk together, all or none: points are encoded as they come, so that an emission of one point makes no
 * part, no buffer and no promise of its own.
 */
export interface Group {
	point(point: PointSeen, historical: boolean): void;
	gap(gap: GapEntry): void;
	/** One, as `encodeDocuments` has it. */
	document(kind: DocumentKind, body: Uint8Array): void;
	/** JSON; the last one counts. */
	cursor(text: string): void;
	/** The last one of its name counts; the bytes are copied. */
	note(name: string, bytes: Uint8Array): void;
	bytes(): number;
	/** So far. */
	counts(): { readonly points: number; readonly gaps: number; readonly documents: number };
	/** What the spool takes; nothing may be added after it was asked for. */
	write(): SpoolWrite;
}

const FIRST_ROWS = 16;
/** What a gap takes beside its reason, about. */
const GAP_BYTES = 64;

/** @param partBytes rows of one part stay below it */
export function createGroup(partBytes: number): Group {
	const rowsPerPart = Math.floor(partBytes / ROW_BYTES);
	const parts: Part[] = [];
	let body = new Uint8Array(0);
	let view = viewOf(body);
	let used = 0;
	let isHistorical = false;
	let gaps: GapEntry[] = [];
	let lastCursor: string | undefined;
	const notes = new Map<string, Uint8Array>();
	let points = 0;
	let gapCount = 0;
	let documents = 0;
	let closedBytes = 0;

	function grow(): void {
		const rows = Math.min(rowsPerPart, Math.max(FIRST_ROWS, (2 * body.length) / ROW_BYTES));
		const larger = new Uint8Array(rows * ROW_BYTES);
		larger.set(body);
		body = larger;
		view = viewOf(body);
	}

	function closeRows(): void {
		if (used === 0) return;
		parts.push({ kind: 'rows', body: body.subarray(0, used), historical: isHistorical });
		closedBytes += used;
		used = 0;
		body = new Uint8Array(0);
	}

	function closeGaps(): void {
		if (gaps.length === 0) return;
		parts.push({ kind: 'gaps', gaps });
		gaps = [];
	}

	return {
		point(point, historical) {
			if (gaps.length > 0) closeGaps();
			if (historical !== isHistorical || used === rowsPerPart * ROW_BYTES) closeRows();
			if (used === body.length) grow();
			isHistorical = historical;
			writeRow(view, used, point);
			used += ROW_BYTES;
			points++;
		},
		gap(gap) {
			closeRows();
			gaps.push(gap);
			closedBytes += gap.reason.length + GAP_BYTES;
			gapCount++;
		},
		document(kind, body) {
			closeRows();
			closeGaps();
			parts.push({ kind, body, count: 1 });
			closedBytes += body.length;
			documents++;
		},
		cursor: (text) => void (lastCursor = text),
		note: (name, bytes) => void notes.set(name, bytes.slice()),
		bytes: () => closedBytes + used,
		counts: () => ({ points, gaps: gapCount, documents }),
		write() {
			closeRows();
			closeGaps();
			return { parts, cursor: lastCursor, notes };
		},
	};
}
