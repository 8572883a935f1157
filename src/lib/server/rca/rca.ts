import { Histogram, type Registry } from 'prom-client';
import type { ApiAnalysis } from '#contracts/analysis.ts';
import type { CauseName } from '#contracts/cause.ts';
import type { Stream } from '#contracts/stream.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Knowledge } from '../knowledge/port.ts';
import { analyse } from './analyse.ts';
import type { Answerer } from './answer/answerer.ts';
import { factorsOf, signatureOf } from './feedback.ts';
import type { AboutViolation, NarrationStep, Rca } from './port.ts';
import { readSituation, type ReaderPorts } from './read/situation-reader.ts';
import type { Situation } from './situation.ts';

/** Puts an analysis into words. */
export interface Narrator {
	/** What has been told of exactly this before. */
	told(question: NarrationQuestion): Promise<ApiAnalysis['narration']>;
	/** Joins what is under way about the same. */
	tell(question: NarrationQuestion, signal: AbortSignal): AsyncIterable<NarrationStep>;
	/** Has it told in the background, so that whoever asks later finds it. */
	prepare(question: NarrationQuestion): void;
	stop(): Promise<void>;
}

export interface NarrationQuestion {
	readonly about: AboutViolation;
	readonly evidence: ApiAnalysis['evidence'];
	readonly hypotheses: ApiAnalysis['hypotheses'];
}

export interface RcaOptions extends Omit<ReaderPorts, 'metadata' | 'streamsOf'> {
	readonly metadata: Pick<Metadata, 'streams' | 'violations' | 'events' | 'limits' | 'rca'>;
	/** The one of now; undefined: no language model is configured. */
	readonly narrator: () => Narrator | undefined;
	/** The same, for questions. */
	readonly answerer: () => Answerer | undefined;
	/** Absent: there is nothing to answer from. */
	readonly search?: Knowledge['search'] | undefined;
	readonly now: NowMicros;
	readonly registry: Registry;
}

/** Streams of a site that are looked through for those worth comparing. */
const MOST_STREAMS = 1000;
const STREAMS_KEPT_MICROS = 10_000_000;
const LEAST_LIKENESS = 0.5;
const MOST_SIMILAR = 5;
/** Passages that a question is answered from. */
const ANSWERED_FROM = 6;

export function createRca(options: RcaOptions): Rca {
	const { metadata } = options;
	const streamsOf = createStreamsOf(options);
	const seconds = new Histogram({
		name: 'sigmascope_analysis_seconds',
		help: 'Time of an analysis of a violation, from the request to its evidence and causes, without any narration',
		buckets: [0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 1, 5],
		registers: [options.registry],
	});

	async function found(about: AboutViolation) {
		const end = seconds.startTimer();
		const { violation, stream } = about;
		const signature = signatureOf(violation, stream);
		const feedback = factorsOf(await metadata.rca.feedbackOn(stream.site, signature));
		const situation = await readSituation({ ...options, streamsOf }, { violation, stream, feedback });
		const analysed = analyse(situation);
		end();
		return { situation, analysed };
	}

	return {
		narrates: () => options.narrator() !== undefined,
		async analysis(about) {
			const { situation, analysed } = await found(about);
			const question = { about, ...analysed };
			const narrator = options.narrator();
			const narration = (await narrator?.told(question)) ?? null;
			if (!narration) narrator?.prepare(question);
			return { ...analysed, narration, ...besides(situation) };
		},
		async *narrate(about, signal) {
			const narrator = options.narrator();
			if (!narrator) return yield { type: 'none', reason: 'no language model is configured' };
			const { analysed } = await found(about);
			yield* narrator.tell({ about, ...analysed }, signal);
		},
		async *answer({ sites, text }, signal) {
			const answerer = options.answerer();
			if (!answerer || !options.search) return yield { type: 'none', reason: 'no language model is configured' };
			const { items } = await options.search({ sites, text, kinds: ['document', 'log'], limit: ANSWERED_FROM });
			yield { type: 'passages', items };
			yield* answerer.answer(text, items, signal);
		},
		async feedback(about, { verdict, cause, by }) {
			const { violation, stream } = about;
			const named: CauseName = (await found(about)).analysed.hypotheses[0]?.cause ?? 'unknown';
			const signature = signatureOf(violation, stream);
			const { id: violationId } = violation;
			await metadata.rca.addFeedback({ violationId, site: stream.site, signature, named, verdict, cause, by });
		},
	};
}

function besides({ past, passages }: Situation): Pick<ApiAnalysis, 'similar' | 'passages'> {
	const similar = past.filter(({ likeness }) => likeness >= LEAST_LIKENESS).slice(0, MOST_SIMILAR);
	return { similar: similar.map(({ id }) => id), passages };
}

/** The list of a site's streams changes seldom, and several people look at the same alarm. */
function createStreamsOf({ metadata, now }: Pick<RcaOptions, 'metadata' | 'now'>) {
	const kept = new Map<string, { readonly untilMicros: number; readonly streams: Promise<readonly Stream[]> }>();
	return (site: string): Promise<readonly Stream[]> => {
		const known = kept.get(site);
		if (known && known.untilMicros > now()) return known.streams;
		const streams = metadata.streams.page({ sites: [site], afterId: 0, limit: MOST_STREAMS });
		kept.set(site, { untilMicros: now() + STREAMS_KEPT_MICROS, streams });
		streams.catch(() => kept.delete(site));
		return streams;
	};
}
