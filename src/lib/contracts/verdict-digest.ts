import type { Limits } from './limits.ts';
import {
	episodeTypeOf,
	KIND,
	kindAt,
	nextEntry,
	openVerdicts,
	readEpisode,
	readId,
	readLimits,
	readRevision,
	readSignal,
	type EpisodeType,
	type Reader,
} from './verdict-bytes.ts';
import { isOldForm, parseVerdicts, type Signal, type Verdict } from './verdict.ts';
import type { Episode } from './violation.ts';

/** What several records come to for a reader that keeps the newest of everything. */
export interface VerdictDigest {
	readonly limits: readonly Limits[];
	/** In their order; none when they were not asked for. */
	readonly signals: readonly Signal[];
	/** Of each its largest revision, in the order in which they first appear. */
	readonly episodes: readonly Episode[];
	/** Ids of those that opened here, and of those that ended. */
	readonly opened: ReadonlySet<string>;
	readonly ended: ReadonlySet<string>;
}

export interface VerdictGatherer {
	/** All of a record or nothing. @throws RangeError or SyntaxError when the bytes are no record of verdicts */
	add(bytes: Uint8Array): void;
	digest(): VerdictDigest;
}

/** An episode while a later revision of it may come: where it stands in a record, or itself when it came as JSON. */
type Found =
	{ readonly revision: number; readonly reader: Reader } | { readonly revision: number; readonly episode: Episode };

/**
 * Gathers records. An episode is written three times or more, each time with its context: here only the last of them
 * becomes an object. The bytes of added records must stay as they are until the digest.
 */
export function createVerdictGatherer({ signals: withSignals }: { readonly signals: boolean }): VerdictGatherer {
	const limits: Limits[] = [];
	const signals: Signal[] = [];
	const episodes = new Map<string, Found>();
	const opened = new Set<string>();
	const ended = new Set<string>();

	function note(type: EpisodeType, id: string, found: Found): void {
		if (type === 'violation.opened') opened.add(id);
		if (type === 'violation.ended') ended.add(id);
		if (found.revision > (episodes.get(id)?.revision ?? -Infinity)) episodes.set(id, found);
	}

	function take(verdict: Verdict): void {
		if (verdict.type === 'limits') limits.push(verdict.limits);
		else if (verdict.type !== 'signal')
			note(verdict.type, verdict.episode.id, { revision: verdict.episode.revision, episode: verdict.episode });
		else if (withSignals) signals.push(verdict.signal);
	}

	function takeEntry(reader: Reader): void {
		const kind = kindAt(reader);
		if (kind === KIND.limits) return;
		if (kind !== KIND.signal)
			note(episodeTypeOf(kind), readId(reader), { revision: readRevision(reader), reader: { ...reader } });
		else if (withSignals) signals.push(readSignal(reader));
	}

	return {
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
			episodes: [...episodes.values()].map((found) => ('episode' in found ? found.episode : readEpisode(found.reader))),
			opened,
			ended,
		}),
	};
}

function forEachEntry(reader: Reader, count: number, see: (reader: Reader) => void): void {
	for (let i = 0; i < count; i++) {
		see(reader);
		reader.at = nextEntry(reader);
	}
}
