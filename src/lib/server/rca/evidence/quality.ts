import type { Finding } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { indexAt } from '../series.ts';
import type { GapSeen, Situation } from '../situation.ts';
import { clamp, deviationOf, effectiveCount, medianOf, neighbours, robustDeviation } from '../statistics.ts';
import { percent, pointsQuery, shown, shownSpan } from './words.ts';

/** What comes before any other explanation: is it the data, and are the limits still those of this process? */
export function qualityFindings(situation: Situation, frame: Frame | undefined): Finding[] {
	return [
		...unread(situation),
		...silence(situation),
		...gaps(situation, frame),
		...doubtful(situation),
		...(frame ? stale(situation, frame) : []),
	];
}

function around({ violation, stream }: Situation) {
	const [fromMicros, toMicros] = [violation.spanFromMicros, violation.lastMicros];
	return { fromMicros, toMicros, query: pointsQuery(stream.id, fromMicros, toMicros) };
}

function unread(situation: Situation): Finding[] {
	return situation.missing.map((what) => ({
		...around(situation),
		kind: 'data-quality',
		value: null,
		detail: `Not looked at: ${what}.`,
		speaks: {},
	}));
}

function silence(situation: Situation): Finding[] {
	const { violation, companions } = situation;
	if (violation.rule !== 'no-data') return [];
	const silent = companions.filter(({ series }) => (series.tMicros.at(-1) ?? 0) < violation.firstMicros).length;
	return [
		{
			...around(situation),
			kind: 'data-quality',
			value: silent,
			detail:
				silent > 0
					? `No points came, and none of ${silent} other streams either.`
					: 'No points came; other streams of the same machine go on.',
			speaks: {
				'collector-or-clock': 3 + Math.min(1.5, silent / 2),
				'sensor-stuck': silent === 0 ? 0.5 : 0,
				'normal-variation': -4,
			},
		},
	];
}

function gaps(situation: Situation, frame: Frame | undefined): Finding[] {
	const { ownGaps, companions, stream } = situation;
	const onset = frame?.onset.tMicros ?? situation.violation.spanFromMicros;
	const slack =
		4 * (frame?.intervalMicros ?? 0) + ((frame?.onset.toMicros ?? onset) - (frame?.onset.fromMicros ?? onset));
	const near = (gap: GapSeen) => gap.toMicros >= onset - slack && gap.fromMicros <= onset + slack;
	const own = ownGaps.filter(near);
	const others = companions.filter((one) => one.gaps.some(near));
	const [gap] = [...own, ...others.flatMap((one) => one.gaps.filter(near))];
	if (!gap) return [];
	const shared = others.length / Math.max(1, companions.length);
	const isModel = stream.kind === 'llm';
	return [
		{
			kind: 'data-quality',
			value: (gap.toMicros - gap.fromMicros) / 1e6,
			fromMicros: gap.fromMicros,
			toMicros: gap.toMicros,
			query: pointsQuery(stream.id, gap.fromMicros, gap.toMicros),
			detail: `${own.length > 0 ? 'The stream' : 'It'} had no values for ${shownSpan(gap.toMicros - gap.fromMicros)} when it began${
				others.length > 0 ? `, and ${others.length} of ${companions.length} other streams had none either` : ''
			}.`,
			speaks: isModel
				? { 'client-or-network': 0.5, 'provider-errors': 0.6, 'collector-or-clock': 0.5 * shared }
				: { 'collector-or-clock': (own.length > 0 ? 1.2 : 0.2) + 2.6 * (others.length >= 2 ? shared : shared / 2) },
		},
	];
}

function doubtful(situation: Situation): Finding[] {
	const { late, badQuality } = situation;
	const worst = Math.max(late, badQuality);
	if (worst < 0.03) return [];
	const detail =
		late >= badQuality
			? `${percent(late)} of the points came after newer ones: a clock or a queue between source and hub is off.`
			: `${percent(badQuality)} of the points are marked as uncertain or bad by their source.`;
	return [
		{
			...around(situation),
			kind: 'data-quality',
			value: worst,
			detail,
			speaks:
				late >= badQuality
					? { 'collector-or-clock': clamp(6 * late, 0.5, 2) }
					: { 'sensor-stuck': 0.5, 'sensor-noise': 0.5, 'sensor-bias': 0.5 },
		},
	];
}

const LEAST_POINTS = 25;
const LEAST_SIGMAS = 0.6;
/** Who has been away for this many points has not just moved. */
const LONG = 80;
const MOST = 200;

/** Long before the violation, the process was no longer where its limits were learnt. */
function stale(situation: Situation, frame: Frame): Finding[] {
	const { baseline, violation, stream, own } = situation;
	if (!baseline || baseline.series.v.length < LEAST_POINTS) return [];
	const span = indexAt(own.tMicros, violation.spanFromMicros);
	const since = indexAt(own.tMicros, baseline.toMicros + 1);
	const long = own.v.slice(Math.max(since, span - MOST), Math.max(0, span - LONG / 2)).slice(-LONG);
	if (long.length < LEAST_POINTS) return [];
	const learnt = baseline.series.v.map(frame.scale);
	const sigma = robustDeviation(learnt) || deviationOf(learnt);
	if (!(sigma > 0)) return [];
	const now = long.map(frame.scale);
	const off = (medianOf(now) - medianOf(learnt)) / sigma;
	const rho = neighbours(learnt);
	const byChance = 1.25 * Math.sqrt(1 / effectiveCount(long.length, rho) + 1 / effectiveCount(learnt.length, rho));
	const isOff = Math.abs(off) >= LEAST_SIGMAS && Math.abs(off) / byChance > 4;
	const latest = own.v.slice(frame.first, frame.first + LEAST_POINTS).map(frame.scale);
	const more = latest.length < 8 ? 0 : Math.abs((medianOf(latest) - medianOf(now)) / sigma);
	return [
		{
			kind: 'baseline',
			value: off,
			fromMicros: baseline.fromMicros,
			toMicros: violation.firstMicros,
			query: `GET /api/v1/streams/${stream.id}/limits`,
			detail: isOff
				? `Long before, the stream was already ${shown(off)} sigma away from the level that its limits were learnt from ${shownSpan(violation.firstMicros - baseline.toMicros)} earlier${situation.before > 0 ? `, and ${situation.before} violations came before this one` : ''}.`
				: 'Until it began the stream was where its limits were learnt.',
			speaks: isOff
				? {
						'stale-baseline': clamp(3 + Math.abs(off) - 1.2 * more + Math.min(0.8, 0.15 * situation.before), 0.2, 5),
						...{ 'sensor-bias': -1.2, 'process-shift': -0.8, 'normal-variation': -1 },
					}
				: { 'stale-baseline': -2 },
		},
	];
}
