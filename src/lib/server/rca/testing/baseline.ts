import type { CauseName } from '#contracts/cause.ts';
import { changeAt } from '../change.ts';
import { frameOf } from '../frame.ts';
import { seriesOf } from '../series.ts';
import type { Series, Situation } from '../situation.ts';

/** The trivial answer that every score is printed beside: what changed most, in its own deviations, is the cause. Cannot say that nothing was. */
export function largestCovariate(situation: Situation): CauseName {
	const isModel = situation.stream.kind === 'llm';
	const frame = frameOf(situation);
	if (!frame) return isModel ? 'provider-slowdown' : 'process-shift';
	const moment = {
		onsetMicros: frame.onset.tMicros,
		endMicros: frame.endMicros,
		startMicros: frame.calm.tMicros[0] ?? 0,
	};
	const sigmas = (series: Series) => Math.abs(changeAt(series, moment, { kind: 'machine', unit: '' })?.sigmas ?? 0);
	const candidates = isModel ? ofModel(situation, sigmas) : ofMachine(situation, sigmas);
	return candidates.toSorted((a, b) => b[1] - a[1])[0]![0];
}

type Candidate = readonly [CauseName, number];

function ofModel(situation: Situation, sigmas: (series: Series) => number): Candidate[] {
	const { calls, companions, stream } = situation;
	const of = (read: (call: Situation['calls'][number]) => number | null) =>
		sigmas(
			seriesOf(calls.flatMap((call) => (read(call) === null ? [] : [[call.startedMicros, read(call)!] as const]))),
		);
	const characteristic = stream.key.slice(stream.key.lastIndexOf('/'));
	const peers = companions.filter((one) => one.stream.key.endsWith(characteristic));
	const [provider = ''] = stream.key.split('/');
	const most = (own: boolean) =>
		Math.max(
			0,
			...peers.filter((one) => one.stream.key.startsWith(`${provider}/`) === own).map((one) => sigmas(one.series)),
		);
	const versions = [...new Set(calls.map(({ responseModel }) => responseModel))];
	return [
		['prompt-length-change', of((call) => call.inputTokens)],
		['output-length-change', of((call) => call.outputTokens)],
		['cache-change', of((call) => call.cachedTokens)],
		['queueing', of((call) => call.queueMs)],
		['cold-start', of((call) => call.loadMs)],
		[
			'client-or-network',
			Math.max(
				most(false),
				of((call) => call.connectMs),
			),
		],
		['provider-slowdown', most(true)],
		['provider-errors', of((call) => (call.errorClass !== null && call.errorClass !== 'rate_limited' ? 1 : 0))],
		['rate-limited', of((call) => (call.errorClass === 'rate_limited' ? 1 : 0))],
		['model-version-change', of((call) => versions.indexOf(call.responseModel))],
	];
}

function ofMachine(
	{ companions, events, stream, own, violation }: Situation,
	sigmas: (series: Series) => number,
): Candidate[] {
	const most = (own: boolean) =>
		Math.max(
			0,
			...companions.filter((one) => (one.stream.asset === stream.asset) === own).map((one) => sigmas(one.series)),
		);
	const nearest = (...kinds: readonly string[]) => {
		const times = events
			.filter(({ kind }) => kinds.includes(kind))
			.map(({ fromMicros }) => Math.abs(fromMicros - violation.firstMicros));
		const interval = (own.tMicros.at(-1)! - own.tMicros[0]!) / own.v.length;
		return times.length === 0 ? 0 : 20 / (1 + Math.min(...times) / interval);
	};
	return [
		['process-shift', most(true)],
		['upstream-disturbance', most(false)],
		['sensor-bias', 2],
		['setpoint-change', nearest('setpoint', 'recipe')],
		['material-change', nearest('material', 'lot')],
		['tool-wear-drift', nearest('tool')],
		['collector-or-clock', nearest('collector')],
	];
}
