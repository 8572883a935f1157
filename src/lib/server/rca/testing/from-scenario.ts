import type { Scenario, ScenarioStream } from '#collectors/simulator/scenario/scenario.ts';
import { defaultAsset, type Stream } from '#contracts/stream.ts';
import type { Rule, Side } from '#contracts/chart.ts';
import type { Episode } from '#contracts/violation.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { analyze } from '#rules';
import { OWN_SITE } from '../read/system.ts';
import { indexAt, scaleOf, seriesOf } from '../series.ts';
import type { CallSeen, Situation } from '../situation.ts';

const BASELINE = 100;
/** Points that have come in when somebody looks. */
const LOOKED_AFTER = 45;

/** As the hub would read it: the first violation at or after the onset, looked at some points later. Undefined when nothing signals. */
export function situationOf(scenario: Scenario): Situation | undefined {
	const streams = scenario.streams.map(streamOf);
	const focus = streams.findIndex(({ key }) => key === scenario.focus);
	const [stream, points] = [streams[focus]!, scenario.streams[focus]!];
	const found = violationOf(scenario, points, stream);
	if (!found) return undefined;
	const { violation, before } = found;
	const own = pointsOf(points);
	const end = indexAt(own.tMicros, violation.firstMicros) + LOOKED_AFTER;
	const untilMicros = own.tMicros[Math.min(end, own.v.length - 1)]!;
	const cut = ({ tMicros, v }: { tMicros: Float64Array; v: Float64Array }) => {
		const to = indexAt(tMicros, untilMicros + 1);
		return { tMicros: tMicros.subarray(0, to), v: v.subarray(0, to) };
	};
	const baselineEnd = points.tMicros[BASELINE - 1]!;
	return {
		violation,
		stream,
		own: cut(own),
		ownGaps: points.gaps,
		late: 0,
		badQuality: 0,
		baseline: {
			fromMicros: points.tMicros[0]!,
			toMicros: baselineEnd,
			series: { tMicros: own.tMicros.subarray(0, BASELINE), v: own.v.subarray(0, BASELINE) },
		},
		before,
		companions: scenario.streams
			.map((one, i) => ({ stream: streams[i]!, series: cut(pointsOf(one)), gaps: one.gaps }))
			.filter((_, i) => i !== focus),
		calls: callsOf(scenario).filter(({ endedMicros }) => endedMicros <= untilMicros),
		events: scenario.events
			.filter(({ fromMicros }) => fromMicros <= untilMicros)
			.map(({ kind, fromMicros, title, asset, streams: of }) => ({
				...{ kind, fromMicros, title, toMicros: null, asset: asset ?? null },
				streams: of ?? [],
			})),
		past: [],
		passages: [],
		system: scenario.system.map((one, i) => ({
			stream: { ...streamOf(one, 1000 + i), site: OWN_SITE },
			series: cut(pointsOf(one)),
			isOwn: true,
		})),
		feedback: new Map(),
		missing: [],
	};
}

function streamOf({ key, kind, unit, labels }: ScenarioStream, i: number): Stream {
	return { id: i + 1, site: 'default', key, labels, asset: defaultAsset(key), kind, unit };
}

function pointsOf({ tMicros, v }: ScenarioStream) {
	return seriesOf(tMicros.map((t, i) => [t, v[i]!] as const));
}

/** Individuals with Nelson's rules, learnt from the first hundred; latencies as logarithms, failures by their share. */
function violationOf(scenario: Scenario, { tMicros, v }: ScenarioStream, stream: Stream) {
	const isShare = scenario.focus.endsWith('/error');
	const values = isShare ? shares(v) : v.map(scaleOf(stream, v));
	const baseline = isShare ? { centre: 0.01, sigma: 0.03 } : { points: BASELINE };
	const answer = analyze({ chart: 'i-mr', values, baseline, rules: [1, 2, 3, 4, 5, 6, 7, 8] });
	const chart = answer.charts.i!;
	const signals = answer.signals.filter(({ chart: name, index }) => name === 'i' && index >= BASELINE);
	const isLate = scenario.cause === 'stale-baseline';
	const isIt = (index: number) => scenario.cause === 'none' || tMicros[index]! >= scenario.onsetMicros;
	const first = signals.find(({ index }) => isIt(index) && (scenario.cause !== 'none' || index > BASELINE + 40));
	if (!first) return undefined;
	const run = signals.filter(
		({ rule, side, index }) => rule === first.rule && side === first.side && index >= first.index,
	);
	let last = first.index;
	for (const { index } of run) if (index <= last + 1) last = index;
	const value = (values: ArrayLike<number | null> | undefined) => Number(values?.[first.index]);
	const violation: Episode = {
		id: `${scenario.cause}-${first.index}`,
		streamId: stream.id,
		chart: 'i',
		rule: first.rule as Rule,
		side: first.side as Side,
		firstMicros: tMicros[first.index]!,
		lastMicros: tMicros[last]!,
		endedMicros: last + 1 < tMicros.length ? tMicros[last + 1]! : null,
		active: false,
		severity: 'warning',
		points: last - first.index + 1,
		value: v[first.index]!,
		centre: value(chart.centre as ArrayLike<number>),
		sigma: value(chart.sigma as ArrayLike<number>),
		limitsId: 'learnt',
		spanFromMicros: tMicros[first.span[0]]!,
		revision: 1,
		context: { before: [], at: [], after: [], complete: true },
		historical: false,
	};
	const before = signals.filter(({ index }) => index < first.index - 1).length;
	return { violation, before: isLate ? before : Math.min(before, 3) };
}

/** Of the last fifteen calls. */
function shares(v: readonly number[]): number[] {
	return v.map((_, i) => {
		const some = v.slice(Math.max(0, i - 14), i + 1);
		return some.reduce((a, b) => a + b, 0) / some.length;
	});
}

function callsOf({ calls, focus }: Scenario): CallSeen[] {
	return calls
		.filter(({ provider, model }) => focus.startsWith(`${provider}/${model}/`))
		.map((call) => ({
			startedMicros: call.startedAt,
			endedMicros: call.startedAt + Math.round(call.totalMs * MICROS_PER_MS),
			...{
				ttftMs: call.ttftMs,
				totalMs: call.totalMs,
				connectMs: call.connectMs,
				queueMs: call.queueMs,
				loadMs: call.loadMs,
			},
			...{ inputTokens: call.inputTokens, outputTokens: call.outputTokens, cachedTokens: call.cachedTokens },
			...{ errorClass: call.errorClass, retries: call.retries, responseModel: call.responseModel },
			...{ serverMs: null, status: null, fingerprint: null },
		}));
}
