import type { CauseName } from '#contracts/cause.ts';
import { shareChange } from '../change.ts';
import type { Finding } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { between } from '../series.ts';
import type { CallSeen, Situation } from '../situation.ts';
import { callsQuery, valuesOf } from './calls.ts';
import { percent } from './words.ts';

const FAILURE: Readonly<Record<string, CauseName>> = {
	rate_limited: 'rate-limited',
	network: 'client-or-network',
	client_abort: 'client-or-network',
	overloaded: 'provider-errors',
	server: 'provider-errors',
	truncated: 'provider-errors',
	timeout_first_token: 'provider-errors',
	timeout_idle: 'provider-errors',
	timeout_total: 'provider-errors',
};

/** Whether more calls fail than before, and of what. */
export function failures(situation: Situation, frame: Frame, characteristic: string): Finding[] {
	const { calls } = situation;
	const isDirect = characteristic === 'error' || characteristic === 'pass';
	if (calls.length === 0) return failuresOfStream(situation, frame, isDirect);
	const before = calls.filter((call) => call.startedMicros < frame.onset.tMicros);
	const after = calls.filter(
		(call) => call.startedMicros >= frame.onset.tMicros && call.startedMicros < frame.endMicros,
	);
	const failed = (call: CallSeen) => call.errorClass !== null;
	const change = shareChange(before.map(failed), after.map(failed));
	const retried = shareChange(
		before.map(({ retries }) => (retries ?? 0) > 0),
		after.map(({ retries }) => (retries ?? 0) > 0),
	);
	const common = {
		kind: 'covariate' as const,
		fromMicros: frame.onset.tMicros,
		toMicros: frame.endMicros,
		query: `${callsQuery(situation)}&failed=true`,
	};
	const findings: Finding[] = [];
	if (change.p < 0.003 && change.after > change.before) {
		const cause = FAILURE[mostCommon(after.flatMap(({ errorClass }) => errorClass ?? []))] ?? 'unknown';
		const reason = mostCommon(after.flatMap(({ errorClass }) => errorClass ?? []));
		findings.push({
			...common,
			value: change.after,
			detail: `${percent(change.after)} of the calls fail, most of them with ${reason}; before it were ${percent(change.before)}.`,
			speaks: {
				[cause]: isDirect ? 4.5 : 3.4,
				'provider-slowdown': -0.7,
				'normal-variation': -2.5,
				...(cause !== 'provider-errors' && { 'provider-errors': 0.3 }),
			},
		});
	} else if (!isDirect && after.length > 8)
		findings.push({
			...common,
			value: change.after,
			detail: `No more calls fail than before: ${percent(change.after)}.`,
			speaks: {
				'provider-errors': -2.2,
				'rate-limited': retried.p < 0.01 && retried.after > retried.before ? 0 : -1.8,
			},
		});
	if (retried.p < 0.003 && retried.after > retried.before)
		findings.push({
			...common,
			value: retried.after,
			detail: `${percent(retried.after)} of the calls are tried again; before it were ${percent(retried.before)}.`,
			speaks: { 'rate-limited': 1.8, 'provider-errors': 0.5 },
		});
	return findings;
}

/** Where no call is known, only the streams made of them: what failed stands in `error`, and why in the gaps of a prober's latencies. */
function failuresOfStream(situation: Situation, frame: Frame, isDirect: boolean): Finding[] {
	const common = {
		kind: 'covariate' as const,
		fromMicros: frame.onset.tMicros,
		toMicros: frame.endMicros,
		query: callsQuery(situation),
	};
	const since = situation.companions
		.flatMap(({ gaps }) => gaps)
		.concat(situation.ownGaps)
		.filter((gap) => gap.toMicros >= frame.onset.fromMicros && gap.fromMicros <= frame.endMicros);
	const classes = since.map(({ reason }) => /^[a-z_]+/.exec(reason)?.[0] ?? '').filter((name) => name in FAILURE);
	if (classes.length >= 2) {
		const reason = mostCommon(classes);
		return [
			{
				...common,
				value: classes.length,
				detail: `Values are missing since then because calls failed, most of them with ${reason}.`,
				speaks: { [FAILURE[reason] ?? 'unknown']: isDirect ? 4 : 2.5 },
			},
		];
	}
	const errors = isDirect ? situation.own : valuesOf(situation).get('error');
	if (!errors) return [];
	const failed = (from: number, to: number) => Array.from(between(errors, from, to).v, (v) => v > 0);
	const change = shareChange(failed(0, frame.onset.tMicros), failed(frame.onset.tMicros, frame.endMicros));
	if (change.p >= 0.003 || change.after <= change.before) return [];
	return [
		{
			...common,
			value: change.after,
			detail: `${percent(change.after)} of the calls fail; before it were ${percent(change.before)}. With what is not known: only streams came, no calls.`,
			speaks: { 'provider-errors': isDirect ? 2.6 : 1.8, 'rate-limited': isDirect ? 1.9 : 1.4, 'normal-variation': -2 },
		},
	];
}

function mostCommon(of: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const one of of) counts.set(one, (counts.get(one) ?? 0) + 1);
	return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown';
}
