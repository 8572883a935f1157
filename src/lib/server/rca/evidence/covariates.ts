import type { CauseName } from '#contracts/cause.ts';
import { formatTime } from '#contracts/time.ts';
import type { Finding } from '../finding.ts';
import type { Frame } from '../frame.ts';
import type { Situation } from '../situation.ts';
import { meanOf, medianOf } from '../statistics.ts';
import { callsQuery, valuesOf } from './calls.ts';
import { explained } from './explained.ts';
import { failures } from './failures.ts';
import { modelOf } from './target.ts';
import { shown } from './words.ts';

/** The streams that are themselves what a cause is about. */
const DIRECT: Readonly<Record<string, CauseName>> = {
	input_tokens: 'prompt-length-change',
	output_tokens: 'output-length-change',
	cached_tokens: 'cache-change',
	queue_ms: 'queueing',
	load_ms: 'cold-start',
	connect_ms: 'client-or-network',
	server_ms: 'provider-slowdown',
};

/** What changed about the calls themselves: lengths, cache, waiting, failures, how many there are. */
export function covariateFindings(situation: Situation, frame: Frame): Finding[] {
	const own = modelOf(situation.stream);
	if (!own) return [];
	const values = valuesOf(situation);
	return [
		...direct(situation, frame, own.characteristic),
		...failures(situation, frame, own.characteristic),
		...(DIRECT[own.characteristic] ? [] : explained(situation, frame, { values, characteristic: own.characteristic })),
		...busy(situation, frame),
	];
}

function direct(situation: Situation, frame: Frame, characteristic: string): Finding[] {
	const cause = DIRECT[characteristic];
	if (!cause) return [];
	const [fromMicros, toMicros] = [frame.onset.tMicros, frame.endMicros];
	return [
		{
			kind: 'covariate',
			value: null,
			...{ fromMicros, toMicros, query: callsQuery(situation) },
			detail: `The stream itself is ${characteristic}, which is what "${cause}" is about.`,
			speaks: { [cause]: 2.4, 'provider-slowdown': characteristic === 'server_ms' ? 1.5 : -1 },
		},
	];
}

/** How many calls there are, and whether there was none for long before it began. */
function busy(situation: Situation, frame: Frame): Finding[] {
	const times = situation.calls.map(({ startedMicros }) => startedMicros);
	const before = times.filter((t) => t < frame.onset.tMicros);
	const after = times.filter((t) => t >= frame.onset.tMicros && t < frame.endMicros);
	if (before.length < 20 || after.length < 3) return [];
	const steps = before.slice(1).map((t, i) => t - before[i]!);
	const usual = medianOf(steps);
	const pause = after[0]! - before.at(-1)!;
	const findings: Finding[] = [];
	const [fromMicros, toMicros] = [before[0]!, frame.endMicros];
	const common = {
		kind: 'covariate' as const,
		fromMicros,
		toMicros,
		query: `${callsQuery(situation)}&from=${formatTime(Math.round(fromMicros))}`,
	};
	if (usual > 0 && pause > 8 * usual)
		findings.push({
			...common,
			value: pause / 1e6,
			detail: `There was no call for ${shown(pause / usual)} times the usual time right before it began.`,
			speaks: { 'cold-start': 2.2, 'normal-variation': -0.5 },
		});
	if (after.length >= 8) {
		const now = meanOf(after.slice(1).map((t, i) => t - after[i]!));
		const ratio = meanOf(steps.slice(-100)) / now;
		if (ratio > 1.6)
			findings.push({
				...common,
				value: ratio,
				detail: `${shown(ratio)} times as many calls as before are made.`,
				speaks: { queueing: 1.2, 'rate-limited': 0.6 },
			});
	}
	return findings;
}
