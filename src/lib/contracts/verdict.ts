import type { Chart, Rule, Side } from './chart.ts';
import type { Limits } from './limits.ts';
import {
	episodeTypeOf,
	HEADER_BYTES,
	KIND,
	kindAt,
	nextEntry,
	openVerdicts,
	readDerived,
	readEpisode,
	readLimits,
	readSignal,
	roomFor,
	VERSION,
	writeVerdict,
	type Reader,
} from './verdict-bytes.ts';
import type { Episode } from './violation.ts';

/** One rule completed at one point of one chart. */
export interface Signal {
	readonly streamId: number;
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	readonly tMicros: number;
	/** Where the completed pattern began. */
	readonly spanFromMicros: number;
	readonly v: number;
	readonly limitsId: string;
	/** true for points of the baseline itself: judged afterwards, never an alert. */
	readonly baseline: boolean;
}

/** A point of a stream that is computed from others. */
export interface DerivedPoint {
	readonly streamId: number;
	readonly tMicros: number;
	readonly v: number;
	readonly quality: number;
	/** Bits of `FLAG`. */
	readonly flags: number;
}

export type Verdict =
	| { readonly type: 'signal'; readonly signal: Signal }
	| { readonly type: 'limits'; readonly limits: Limits }
	/** To be stored as if they had come by then. */
	| { readonly type: 'points'; readonly receivedMicros: number; readonly points: readonly DerivedPoint[] }
	| { readonly type: 'violation.opened' | 'violation.updated' | 'violation.ended'; readonly episode: Episode };

/**
 * A journal record of topic `verdicts`: everything that the input record at `inputSeq` led to. Where that is thousands of
 * verdicts, several records one after the other have the same `inputSeq`.
 */
export interface VerdictRecord {
	readonly inputSeq: number;
	readonly verdicts: readonly Verdict[];
}

const JSON_OBJECT = 0x7b;

/** Records of before this form were JSON: `{`, which no version is. Both are read; only this form is written. */
export function isOldForm(bytes: Uint8Array): boolean {
	return bytes[0] === JSON_OBJECT;
}

export function encodeVerdicts({ inputSeq, verdicts }: VerdictRecord): Uint8Array {
	const room = verdicts.reduce((sum, verdict) => sum + roomFor(verdict), HEADER_BYTES);
	const bytes = new Uint8Array(room);
	const to = { bytes, view: new DataView(bytes.buffer), at: HEADER_BYTES };
	to.view.setUint8(0, VERSION);
	to.view.setUint32(4, verdicts.length, true);
	to.view.setFloat64(8, inputSeq, true);
	for (const verdict of verdicts) writeVerdict(to, verdict);
	return bytes.subarray(0, to.at);
}

/** @throws RangeError or SyntaxError when the bytes are no record of verdicts */
export function parseVerdicts(bytes: Uint8Array): VerdictRecord {
	if (isOldForm(bytes)) return JSON.parse(new TextDecoder().decode(bytes)) as VerdictRecord;
	const { reader, inputSeq, count } = openVerdicts(bytes);
	const verdicts = Array.from({ length: count }, () => {
		const verdict = readVerdict(reader);
		reader.at = nextEntry(reader);
		return verdict;
	});
	return { inputSeq, verdicts };
}

function readVerdict(reader: Reader): Verdict {
	const kind = kindAt(reader);
	if (kind === KIND.signal) return { type: 'signal', signal: readSignal(reader) };
	if (kind === KIND.limits) return { type: 'limits', limits: readLimits(reader) };
	if (kind === KIND.points) return { type: 'points', ...readDerived(reader) };
	return { type: episodeTypeOf(kind), episode: readEpisode(reader) };
}
