import type { ApiEvidence, ApiHypothesis } from '#contracts/analysis.ts';
import { formatTime } from '#contracts/time.ts';
import { NEXT_CHECK } from './checks.ts';
import { covariateFindings } from './evidence/covariates.ts';
import { eventFindings } from './evidence/events.ts';
import { ownFindings } from './evidence/own.ts';
import { pastFindings } from './evidence/past.ts';
import { qualityFindings } from './evidence/quality.ts';
import { systemFindings } from './evidence/system.ts';
import { streamFindings } from './evidence/streams.ts';
import type { Finding } from './finding.ts';
import { frameOf } from './frame.ts';
import { rank } from './rank.ts';
import type { Situation } from './situation.ts';

export interface Analysed {
	readonly evidence: readonly ApiEvidence[];
	readonly hypotheses: readonly ApiHypothesis[];
}

/** As many as somebody reads; the rest is noise. */
const MOST_EVIDENCE = 24;
const MOST_HYPOTHESES = 6;
const CHART_POINTS = 160;

/** Evidence and ranked causes of a violation. Pure: the same situation gives the same answer. Knows no language model. */
export function analyse(situation: Situation): Analysed {
	const frame = frameOf(situation);
	const all = [
		...qualityFindings(situation, frame),
		...(frame
			? [
					...ownFindings(situation, frame),
					...streamFindings(situation, frame),
					...covariateFindings(situation, frame),
					...eventFindings(situation, frame),
					...systemFindings(situation, frame),
				]
			: [tooLittle(situation)]),
		...pastFindings(situation),
	];
	const findings = all.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, MOST_EVIDENCE);
	const ranked = rank(findings, { kind: situation.stream.kind, feedback: situation.feedback });
	const idOf = (i: number) => `E${i + 1}`;
	return {
		evidence: findings.map((finding, i) => toEvidence(finding, idOf(i))),
		hypotheses: ranked.slice(0, MOST_HYPOTHESES).map(({ cause, score, ...rest }) => ({
			cause,
			score: rounded(score),
			for: rest.for.map(idOf),
			against: rest.against.map(idOf),
			nextCheck: NEXT_CHECK[cause],
		})),
	};
}

function tooLittle({ violation, stream, own }: Situation): Finding {
	return {
		kind: 'data-quality',
		value: own.v.length,
		fromMicros: violation.spanFromMicros,
		toMicros: violation.lastMicros,
		query: `GET /api/v1/streams/${stream.id}/points?last=500`,
		detail: `Only ${own.v.length} points are at hand: too few to compare before and after.`,
		speaks: { unknown: 1.5 },
	};
}

/** What it moves any cause by at most; 3 nats count as full. That it is no chance is said by many and settles little. */
function weightOf({ speaks }: Finding): number {
	const nats = Object.entries(speaks).map(([cause, one]) => Math.abs(one) * (SETTLES_LITTLE.has(cause) ? 0.4 : 1));
	return Math.min(1, Math.max(0, ...nats) / 3);
}

const SETTLES_LITTLE: ReadonlySet<string> = new Set(['normal-variation', 'unknown']);

const rounded = (value: number) => Number(value.toFixed(3));

function toEvidence(finding: Finding, id: string): ApiEvidence {
	const { kind, value, detail, query, series } = finding;
	const time = (micros: number) => formatTime(Math.round(micros));
	return {
		id,
		kind,
		value: value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6)),
		window: { from: time(finding.fromMicros), to: time(finding.toMicros) },
		detail,
		weight: rounded(weightOf(finding)),
		query,
		...(series && { series: { stream: series.stream, ...thinned(series.points) } }),
	};
}

/** For a chart as wide as a thumb; every n-th point, the last one always. */
function thinned({ tMicros, v }: { readonly tMicros: Float64Array; readonly v: Float64Array }) {
	const step = Math.max(1, Math.ceil(v.length / CHART_POINTS));
	const kept = Array.from({ length: v.length }, (_, i) => i).filter((i) => (v.length - 1 - i) % step === 0);
	return { t: kept.map((i) => tMicros[i]!), v: kept.map((i) => v[i]!) };
}
