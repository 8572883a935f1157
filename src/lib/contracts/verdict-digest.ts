import type { Limits } from './limits.ts';
import {
	episodeTypeOf,
	KIND,
	kindAt,
	nextEntry,
	openVerdicts,
	readDerived,
	readEpisode,
	readId,
	readLimits,
	readRevision,
	readSignal,
	type EpisodeType,
	type Reader,
} from './verdict-bytes.ts';
import { isOldForm, parseVerdicts, type DerivedPoint, type Signal, type Verdict } from './verdict.ts';
import type { Episode } from './violation.ts';

/** What several records come to for a reader that keeps the newest of everything. */
export interface VerdictDigest {
	readonly limits: readonly Limits[];
	/** In their order; none when they were not asked for. */
	readonly signals: readonly Signal[];
	/** Derived points, in their order, each with when it came; none when signals were not asked for. */
	readonly points: readonly (DerivedPoint & { readonly receivedMicros: number })[];
	/** Of each its largest revision, in the order in which they first appear. */
	readonly episodes: readonly Episode[];
	/** Whether an episode of these opened here, and whether it ended. */
	hasOpened(id: string): boolean;
	hasEnded(id: string): boolean;
}

export interface VerdictGatherer {
	/** All of a record or nothing. @throws RangeError or SyntaxError when the bytes are no record of verdicts */
	add(bytes: Uint8Array): void;
	/** Streams of derived points so far. */
	readonly pointStreams: ReadonlySet<number>;
	digest(): VerdictDigest;
}

/** An episode while a later revision of it may come: where it stands in a record, or itself when it came as JSON. */
interface Found {
	revision: number;
	content: Reader | Episode;
	hasOpened: boolean;
	hasEnded: boolean;
}

/** Stands for no content: each episode is found with one. */
const NOTHING: Reader = { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), at: 0 };

/**
 * Gathers records. An episode is written three times or more, each time with its context: here only the last of them
 * becomes an object. The bytes of added records must stay as they are until the digest.
 */
export function createVerdictGatherer({ signals: withSignals }: { readonly signals: boolean }): VerdictGatherer {
	const limits: Limits[] = [];
	const signals: Signal[] = [];
	const points: (DerivedPoint & { readonly receivedMicros: number })[] = [];
	const pointStreams = new Set<number>();
	const episodes = new Map<string, Found>();

	/** One look-up for each: there are tens of thousands a second. */
	function foundOf(id: string): Found {
		const known = episodes.get(id);
		if (known !== undefined) return known;
		const found = { revision: -Infinity, content: NOTHING, hasOpened: false, hasEnded: false };
		episodes.set(id, found);
		return found;
	}

	function note(found: Found, type: EpisodeType, revision: number): boolean {
		if (type === 'violation.opened') found.hasOpened = true;
		if (type === 'violation.ended') found.hasEnded = true;
		if (revision <= found.revision) return false;
		found.revision = revision;
		return true;
	}

	function take(verdict: Verdict): void {
		if (verdict.type === 'limits') limits.push(verdict.limits);
		else if (verdict.type === 'points') takePoints(() => verdict);
		else if (verdict.type === 'signal') takeSignal(() => verdict.signal);
		else {
			const { episode } = verdict;
			const found = foundOf(episode.id);
			if (note(found, verdict.type, episode.revision)) found.content = episode;
		}
	}

	function takeSignal(read: () => Signal): void {
		if (withSignals) signals.push(read());
	}

	function takePoints(read: () => ReturnType<typeof readDerived>): void {
		if (!withSignals) return;
		const { receivedMicros, points: derived } = read();
		for (const point of derived) {
			points.push({ ...point, receivedMicros });
			pointStreams.add(point.streamId);
		}
	}

	function takeEntry(reader: Reader): void {
		const kind = kindAt(reader);
		if (kind === KIND.limits) return;
		if (kind === KIND.points) return takePoints(() => readDerived(reader));
		if (kind === KIND.signal) return takeSignal(() => readSignal(reader));
		const found = foundOf(readId(reader));
		const { bytes, view, at } = reader;
		if (note(found, episodeTypeOf(kind), readRevision(reader))) found.content = { bytes, view, at };
	}

	return {
		pointStreams,
		add(bytes) {
			if (isOldForm(bytes)) return parseVerdicts(bytes).verdicts.forEach(take);
			const { reader, count } = openVerdicts(bytes);
			// First what may still turn out to be no record.
			const found: Limits[] = [];
			forEachEntry({ ...reader }, count, (at) => kindAt(at) === KIND.limits && found.push(readLimits(at)));
			limits.push(...found);
			forEachEntry(reader, count, takeEntry);
		},
		digest: () => ({
			limits,
			signals,
			points,
			episodes: Array.from(episodes.values(), ({ content }) => ('id' in content ? content : readEpisode(content))),
			hasOpened: (id) => episodes.get(id)?.hasOpened === true,
			hasEnded: (id) => episodes.get(id)?.hasEnded === true,
		}),
	};
}

function forEachEntry(reader: Reader, count: number, see: (reader: Reader) => void): void {
	for (let i = 0; i < count; i++) {
		see(reader);
		reader.at = nextEntry(reader);
	}
}
