import { scaled, type Finding, type Speaks } from '../finding.ts';
import { changeAt, laggedCorrelation, type Change } from '../change.ts';
import type { Frame } from '../frame.ts';
import { between } from '../series.ts';
import type { Companion, Situation } from '../situation.ts';
import { clamp, discoveries } from '../statistics.ts';
import { modelOf } from './target.ts';
import { pointsQuery, shown, shownSpan } from './words.ts';

/** How many false ones may be among those said to have moved. */
const FALSE_SHARE = 0.02;
const LEAST_SIGMAS = 0.9;
const MOST_SHOWN = 6;
const ENOUGH_TO_SEE = 10;
const SETPOINT = /set[-_ ]?point|sollwert|(^|[/_.-])sp$|target/i;

interface Moved {
	readonly companion: Companion;
	readonly change: Change;
	readonly moved: boolean;
	/** After (above 0) or before the violation's own onset, in microseconds; null when it cannot be told. */
	readonly lagMicros: number | null;
	/** At the same time, as far as can be told. */
	readonly together: boolean;
	readonly leads: boolean;
	/** 1 for what came right before, less the further it leads: what happened long before has another story. */
	readonly nearness: number;
}

/** Which other streams moved when this one did, in which order, and which did not. */
export function streamFindings(situation: Situation, frame: Frame): Finding[] {
	const looked = compared(situation, frame);
	return situation.stream.kind === 'llm' ? peers(situation, looked) : machines(situation, frame, looked);
}

function compared(situation: Situation, frame: Frame): Moved[] {
	const { onset, endMicros } = frame;
	const startMicros = frame.calm.tMicros[0] ?? onset.tMicros;
	const moment = { onsetMicros: onset.tMicros, endMicros, startMicros };
	const changes = situation.companions.flatMap((companion) => {
		const change = changeAt(companion.series, moment, companion.stream);
		return change ? [{ companion, change }] : [];
	});
	const found = discoveries(
		changes.map(({ change }) => change.p),
		FALSE_SHARE,
	);
	return changes.map(({ companion, change }, i) => {
		const lagMicros = change.atMicros === null ? null : change.atMicros - onset.tMicros;
		const slack = change.toleranceMicros + (onset.toMicros - onset.fromMicros) / 2 + 2 * frame.intervalMicros;
		const together = lagMicros === null || Math.abs(lagMicros) <= slack;
		const reach = Math.max(40 * frame.intervalMicros, 2 * slack);
		const lead = Math.max(0, -(lagMicros ?? 0));
		return {
			companion,
			nearness: clamp(2 - (2 * lead) / reach, 0.2, 1),
			change,
			moved: found[i]! && Math.abs(change.sigmas) >= LEAST_SIGMAS && (together || Math.abs(lagMicros!) <= reach),
			lagMicros,
			together,
			leads:
				lagMicros !== null &&
				lagMicros < -Math.max(2 * frame.intervalMicros, change.toleranceMicros / 2) &&
				lagMicros >= -reach,
		};
	});
}

function finding(one: Moved, kind: 'stream' | 'peer', words: string, speaks: Speaks): Finding {
	const { companion, change, lagMicros } = one;
	const { stream } = companion;
	const [fromMicros, toMicros] = [change.series.tMicros[0]!, change.series.tMicros.at(-1)!];
	const when =
		!one.moved || lagMicros === null || (one.together && !one.leads)
			? ''
			: `, ${shownSpan(lagMicros)} ${lagMicros < 0 ? 'before' : 'after'} this one`;
	return {
		kind,
		value: change.sigmas,
		fromMicros,
		toMicros,
		query: pointsQuery(stream.id, fromMicros, toMicros),
		detail: one.moved
			? `${words} ${stream.key} moved too: from ${shown(change.before)} to ${shown(change.after)}${stream.unit ? ` ${stream.unit}` : ''} (${shown(change.sigmas)} sigma)${when}.`
			: `${words} ${stream.key} did not move (${shown(change.sigmas)} sigma).`,
		series: { stream: stream.key, points: change.series },
		speaks,
	};
}

function machines(situation: Situation, frame: Frame, looked: readonly Moved[]): Finding[] {
	const { stream } = situation;
	const name = lastOf(stream.key);
	const isSetpoint = ({ companion }: Moved) =>
		SETPOINT.test(lastOf(companion.stream.key)) && companion.stream.asset === stream.asset;
	const setpoints = looked.filter((one) => isSetpoint(one) && one.moved && one.together);
	const siblings = looked.filter((one) => one.companion.stream.asset === stream.asset && !isSetpoint(one));
	const others = looked.filter((one) => one.companion.stream.asset !== stream.asset && !isSetpoint(one));
	const drift = frame.signature?.pattern === 'drift';
	const isEverywhere = everywhere(others, siblings);
	const findings: Finding[] = setpoints.map((one) =>
		finding(one, 'stream', 'The setpoint', {
			...{
				'setpoint-change': lastOf(one.companion.stream.key).includes(name) ? 4 : 2.8,
				'process-shift': -1,
				'sensor-bias': -1.5,
			},
		}),
	);
	if (isEverywhere)
		findings.push({
			...summary(situation, frame, isEverywhere.moved.length),
			detail: `${isEverywhere.moved.length} of ${looked.length} streams on ${isEverywhere.assets} machines moved at the same time: they have the way of their data in common.`,
			speaks: { 'collector-or-clock': 2.2, 'cyclic-environment': 0.3, 'process-shift': -0.8, 'sensor-bias': -1 },
		});
	const isLed = others.some((one) => one.moved && one.leads);
	findings.push(...movedSiblings(siblings, { drift, isLed, damp: isEverywhere ? 0.3 : 1 }));
	findings.push(...quietSiblings(situation, frame, siblings));
	findings.push(...fromElsewhere(others, isEverywhere ? 0.2 : 1));
	findings.push(...swinging(situation, frame));
	return findings;
}

function summary({ violation }: Situation, frame: Frame, value: number) {
	return {
		kind: 'stream' as const,
		value,
		fromMicros: frame.onset.fromMicros,
		toMicros: frame.endMicros,
		query: `GET /api/v1/violations?from=${violation.firstMicros}`,
	};
}

/** Machines that have nothing in common but the way of their data. */
function everywhere(others: readonly Moved[], siblings: readonly Moved[]) {
	const all = [...others, ...siblings];
	const moved = all.filter((one) => one.moved && one.together);
	const assets = new Set(moved.map(({ companion }) => companion.stream.asset)).size;
	return assets >= 3 && moved.length >= 4 && moved.length / all.length >= 0.6 ? { moved, assets } : undefined;
}

function movedSiblings(
	siblings: readonly Moved[],
	{ drift, isLed, damp }: { readonly drift: boolean; readonly isLed: boolean; readonly damp: number },
): Finding[] {
	const moved = siblings
		.filter((one) => one.moved)
		.toSorted((a, b) => Math.abs(b.change.sigmas) - Math.abs(a.change.sigmas));
	return moved.slice(0, MOST_SHOWN).map((one, i) => {
		const more = i === 0 ? 1 : 0.35;
		const speaks: Speaks = {
			...{
				'process-shift': drift || isLed ? 0.3 : 1.3,
				'material-change': drift ? 0 : 0.7,
				'setpoint-change': drift ? 0 : 0.6,

				'tool-wear-drift': drift ? 0.8 : 0.1,
				'sensor-bias': -1.6,
				'sensor-stuck': -0.6,
			},
			...{
				'sensor-noise': -0.8,
				'mixed-sources': -0.2,
				'normal-variation': -1,
				'upstream-disturbance': one.leads || isLed ? 0.6 : 0.1,
			},
		};
		return finding(one, 'stream', 'On the same machine', scaled(speaks, more * damp));
	});
}

function quietSiblings(situation: Situation, frame: Frame, siblings: readonly Moved[]): Finding[] {
	const quiet = siblings.filter(({ moved }) => !moved);
	if (quiet.length === 0 || quiet.length < siblings.length) return [];
	const coupled = quiet.filter(({ companion }) => Math.abs(coupling(situation, frame, companion)) > 0.35);
	// That something did not move is hardly seen in a few points.
	const seen = Math.min(1, frame.during.v.length / ENOUGH_TO_SEE);
	const strength = seen * (clamp(0.5 * quiet.length, 0.5, 1) + (coupled.length > 0 ? 0.5 : 0));
	const [first] = coupled.length > 0 ? coupled : quiet;
	return [
		{
			...finding(first!, 'stream', 'On the same machine', {
				...{
					'sensor-bias': 1.1 * strength,
					'process-shift': -1.1 * strength,
					'sensor-stuck': 0.3,
					'sensor-noise': 0.3,
				},
				...{ 'tool-wear-drift': -0.15, 'upstream-disturbance': -0.2, 'collector-or-clock': -0.8 },
			}),
			detail: `Nothing else on the same machine moved: ${quiet
				.map(({ companion }) => lastOf(companion.stream.key))
				.slice(0, 5)
				.join(', ')}${
				coupled.length > 0 ? `, though ${lastOf(first!.companion.stream.key)} usually moves along` : ''
			}.`,
		},
	];
}

/** Correlation in the calm. */
function coupling(situation: Situation, frame: Frame, { series }: Companion): number {
	const own = frame.calm;
	if (own.v.length < 30) return 0;
	const found = laggedCorrelation(own, between(series, own.tMicros[0]! - frame.intervalMicros, frame.onset.tMicros), 1);
	return found && found.p < 0.001 ? found.r : 0;
}

function fromElsewhere(others: readonly Moved[], damp: number): Finding[] {
	const moved = others
		.filter((one) => one.moved)
		.toSorted((a, b) => Math.abs(b.change.sigmas) - Math.abs(a.change.sigmas));
	return moved.slice(0, MOST_SHOWN).map((one, i) => {
		const size = clamp(Math.abs(one.change.sigmas) / 2, 0.5, 1) * (i === 0 ? 1 : 0.4) * damp * one.nearness;
		const speaks: Speaks = one.leads
			? { 'upstream-disturbance': 2.4, 'process-shift': -0.9, 'sensor-bias': -1, 'material-change': -0.2 }
			: one.together
				? { 'upstream-disturbance': 0.7, 'cyclic-environment': 0.3, 'collector-or-clock': 0.3, 'sensor-bias': -0.4 }
				: {};
		return finding(one, 'stream', 'Elsewhere', scaled(speaks, size));
	});
}

/** Others that swing with it: only asked where there is a movement to be shared that a single step does not explain. */
function swinging(situation: Situation, frame: Frame): Finding[] {
	const own = between(situation.own, frame.calm.tMicros[0] ?? 0, frame.endMicros);
	const pattern = frame.signature?.pattern;
	if (own.v.length < 60 || pattern === 'none' || pattern === 'spike') return [];
	const tried = situation.companions
		.filter(({ stream, series }) => stream.asset !== situation.stream.asset && series.v.length >= 20)
		.flatMap((companion) => {
			const found = laggedCorrelation(own, companion.series, 12);
			return found ? [{ companion, ...found }] : [];
		});
	const significant = discoveries(
		tried.map(({ p }) => p),
		0.01,
	);
	return tried
		.filter(({ r, companion }, i) => significant[i] && Math.abs(r) > 0.35 && !isStep(companion, frame))
		.toSorted((a, b) => Math.abs(b.r) - Math.abs(a.r))
		.slice(0, 2)
		.map(({ companion, r, lag }, i) => ({
			kind: 'stream' as const,
			value: r,
			fromMicros: own.tMicros[0]!,
			toMicros: frame.endMicros,
			query: pointsQuery(companion.stream.id, own.tMicros[0]!, frame.endMicros),
			detail: `${companion.stream.key} moves along with it (correlation ${shown(r)}${lag > 0 ? `, ${lag} points earlier` : ''}).`,
			series: { stream: companion.stream.key, points: companion.series },
			speaks: scaled({ 'cyclic-environment': 1, 'upstream-disturbance': 0.5, 'sensor-bias': -0.6 }, i === 0 ? 1 : 0.4),
		}));
}

function isStep({ series, stream }: Companion, frame: Frame): boolean {
	const moment = {
		onsetMicros: frame.onset.tMicros,
		endMicros: frame.endMicros,
		startMicros: frame.calm.tMicros[0] ?? 0,
	};
	const change = changeAt(series, moment, stream);
	return change !== undefined && Math.abs(change.sigmas) > 1.5 && change.p < 1e-4;
}

function peers(situation: Situation, looked: readonly Moved[]): Finding[] {
	const own = modelOf(situation.stream);
	if (!own) return [];
	const alike = looked.flatMap((one) => {
		const of = modelOf(one.companion.stream);
		return of && of.characteristic === own.characteristic ? [{ ...one, of }] : [];
	});
	const sameWay = (one: Moved, to: number) => one.moved && Math.sign(one.change.sigmas) === Math.sign(to);
	const isSlower = situation.violation.side === 'below' ? -1 : 1;
	const models = alike.filter(({ of }) => of.provider === own.provider && of.model !== own.model && !of.isControl);
	const foreign = alike.filter(({ of }) => of.provider !== own.provider && !of.isControl);
	const control = alike.filter(({ of }) => of.isControl);
	const findings: Finding[] = [];
	for (const [i, one] of models.slice(0, 3).entries())
		findings.push(
			finding(
				one,
				'peer',
				'Another model of the same provider,',
				scaled(sameWay(one, isSlower) ? SAME_PROVIDER : OTHER_MODEL_FINE, i === 0 ? 1 : 0.3),
			),
		);
	const slow = foreign.filter((one) => sameWay(one, isSlower));
	for (const [i, one] of slow.slice(0, 2).entries())
		findings.push(
			finding(
				one,
				'peer',
				'Another provider,',
				scaled(OTHER_PROVIDER, (slow.length === foreign.length ? 1 : 0.4) * (i === 0 ? 1 : 0.5)),
			),
		);
	const [fine] = foreign;
	if (slow.length === 0 && fine) findings.push(finding(fine, 'peer', 'Another provider,', OTHERS_FINE));
	for (const one of control.slice(0, 1))
		findings.push(
			finding(one, 'peer', 'The control target on this machine,', sameWay(one, isSlower) ? CONTROL_SLOW : CONTROL_FINE),
		);
	return findings;
}

const SAME_PROVIDER: Speaks = {
	...{
		'provider-slowdown': 2,
		'provider-errors': 0.4,
		'client-or-network': 0.3,
		'model-version-change': -0.8,
		queueing: -0.2,
	},
	...{ 'prompt-length-change': -0.8, 'output-length-change': -0.8, 'cache-change': -0.8, 'normal-variation': -1 },
};
const OTHER_MODEL_FINE: Speaks = { 'provider-slowdown': -0.7, 'model-version-change': 0.3, 'client-or-network': -0.8 };
const OTHER_PROVIDER: Speaks = {
	'client-or-network': 1.8,
	'provider-slowdown': -1.5,
	'model-version-change': -0.8,
	'normal-variation': -0.5,
};
const OTHERS_FINE: Speaks = { 'client-or-network': -1.3, 'provider-slowdown': 0.3 };
const CONTROL_SLOW: Speaks = { 'client-or-network': 2.2, 'provider-slowdown': -1.5, 'model-version-change': -1 };
const CONTROL_FINE: Speaks = { 'client-or-network': -0.6, 'provider-slowdown': 0.2 };

const lastOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
