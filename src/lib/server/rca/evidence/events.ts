import { scaled, type Finding, type Speaks } from '../finding.ts';
import type { Frame } from '../frame.ts';
import type { CallSeen, EventSeen, Situation } from '../situation.ts';
import { modelOf } from './target.ts';
import { shownSpan } from './words.ts';
import { formatTime } from '#contracts/time.ts';

/** What a kind of event speaks for when it comes right with the onset. */
const OF_KIND: Readonly<Record<string, Speaks>> = {
	setpoint: { 'setpoint-change': 3.2, 'sensor-bias': -1, 'process-shift': -1 },
	recipe: { 'setpoint-change': 2.4, 'process-shift': 0.3, 'sensor-bias': -0.8 },
	tool: { 'process-shift': 1.2, 'tool-wear-drift': 0.2, 'sensor-bias': -0.4 },
	material: { 'material-change': 3.4, 'sensor-bias': -1, 'process-shift': -1 },
	lot: { 'material-change': 3.2, 'mixed-sources': 0.3, 'sensor-bias': -0.9, 'process-shift': -1 },
	part: { 'material-change': 1.6, 'mixed-sources': 0.8, 'setpoint-change': 0.4 },
	operator: { 'over-adjustment': 0.8, 'process-shift': 0.4, 'setpoint-change': 0.3 },
	shift: { 'over-adjustment': 0.4, 'process-shift': 0.2 },
	mode: { 'setpoint-change': 1.2, 'over-adjustment': 0.8, 'process-shift': 0.6, 'sensor-bias': -0.5 },
	maintenance: { 'process-shift': 0.9, 'sensor-bias': 0.9, 'stale-baseline': 0.5 },
	collector: { 'collector-or-clock': 2.6 },
	deploy: {
		'client-or-network': 0.6,
		'prompt-length-change': 0.5,
		'output-length-change': 0.4,
		'model-version-change': 0.3,
		'cache-change': 0.4,
	},
	'model-version': { 'model-version-change': 3.2, 'provider-slowdown': -0.5 },
	note: {},
};
const MOST_SHOWN = 8;
const LEAST_WEIGHT = 0.08;
/** People write things down a little before or after they do them. */
const LEAST_REACH_MICROS = 20_000_000;
const REACH_POINTS = 10;

/** Events and new versions, the nearer to the onset the more they say. */
export function eventFindings(situation: Situation, frame: Frame): Finding[] {
	const weighed = situation.events
		.map((event) => ({ event, weight: nearness(event.fromMicros, frame) * scopeOf(event, situation) }))
		.filter(({ weight }) => weight >= LEAST_WEIGHT)
		.toSorted((a, b) => b.weight - a.weight);
	const adjustments = situation.events.filter(
		({ kind, fromMicros }) =>
			kind === 'setpoint' && fromMicros >= frame.onset.fromMicros && fromMicros <= frame.endMicros,
	).length;
	return [
		...weighed.slice(0, MOST_SHOWN).map(({ event, weight }) => eventFinding(event, weight, { frame, adjustments })),
		...tool(situation, frame),
		...versions(situation, frame),
	];
}

/** 1 at the onset, falling with the distance; what comes after the onset cannot have caused it. */
function nearness(atMicros: number, { onset, intervalMicros }: Frame): number {
	const reach = Math.max(LEAST_REACH_MICROS, REACH_POINTS * intervalMicros);
	if (atMicros > onset.toMicros + 2 * intervalMicros)
		return Math.exp((-4 * (atMicros - onset.toMicros - 2 * intervalMicros)) / reach);
	if (atMicros >= onset.fromMicros - 2 * intervalMicros) return 1;
	return Math.exp(-(onset.fromMicros - 2 * intervalMicros - atMicros) / reach);
}

/** 1 for an event of this stream or asset, less for one of the whole site, nothing for one of something else. */
function scopeOf(event: EventSeen, { stream, companions }: Situation): number {
	if (event.streams.length > 0) {
		if (event.streams.includes(stream.key)) return 1;
		const near = companions.some((one) => one.stream.asset === stream.asset && event.streams.includes(one.stream.key));
		return near && stream.kind === 'machine' ? 0.7 : 0.05;
	}
	if (event.asset !== null) return event.asset === stream.asset ? 1 : 0.05;
	return namesAnother(event, { stream, companions }) ? 0.05 : 0.85;
}

/** A title that names another model or machine that is known, and not this one, is about that one. */
function namesAnother({ title }: EventSeen, { stream, companions }: Pick<Situation, 'stream' | 'companions'>): boolean {
	const text = title.toLowerCase();
	const nameOf = (key: string) => key.slice(0, key.lastIndexOf('/')).toLowerCase();
	const own = modelOf(stream);
	const says = (name: string) => name.length > 2 && text.includes(name);
	if (says(nameOf(stream.key)) || says(own?.model.toLowerCase() ?? stream.asset.toLowerCase())) return false;
	return companions.some((one) => {
		const other = modelOf(one.stream);
		return says(nameOf(one.stream.key)) || says(other?.model.toLowerCase() ?? one.stream.asset.toLowerCase());
	});
}

function eventFinding(
	event: EventSeen,
	weight: number,
	{ frame, adjustments }: { readonly frame: Frame; readonly adjustments: number },
): Finding {
	const lag = event.fromMicros - frame.onset.tMicros;
	const repeated = event.kind === 'setpoint' && adjustments >= 3;
	const speaks = repeated ? { 'over-adjustment': 1.6, 'setpoint-change': 0.3 } : (OF_KIND[event.kind] ?? {});
	return {
		kind: 'event',
		value: lag / 1e6,
		fromMicros: event.fromMicros,
		toMicros: event.toMicros ?? event.fromMicros,
		query: eventQuery(event.fromMicros, frame.intervalMicros),
		detail: `Event "${event.title.slice(0, 120)}" (${event.kind}) ${when(lag)}.`,
		speaks: scaled(speaks, weight * (repeated ? 0.5 : 1)),
	};
}

const when = (lagMicros: number) =>
	Math.abs(lagMicros) < 1e6
		? 'when it began'
		: `${shownSpan(lagMicros)} ${lagMicros < 0 ? 'before' : 'after'} it began`;

function eventQuery(atMicros: number, interval: number): string {
	const [from, to] = [atMicros - 10 * interval, atMicros + 10 * interval].map((micros) =>
		formatTime(Math.round(micros)),
	);
	return `GET /api/v1/events?from=${from}&to=${to}`;
}

/** A tool that has been in use for long, where there is a drift. */
function tool({ events, stream }: Situation, frame: Frame): Finding[] {
	const last = events
		.filter(
			({ kind, fromMicros, asset }) => kind === 'tool' && asset === stream.asset && fromMicros < frame.onset.fromMicros,
		)
		.at(-1);
	if (!last || frame.signature?.pattern !== 'drift' || nearness(last.fromMicros, frame) > 0.3) return [];
	return [
		{
			kind: 'event',
			value: (frame.onset.tMicros - last.fromMicros) / 1e6,
			fromMicros: last.fromMicros,
			toMicros: frame.onset.tMicros,
			query: eventQuery(last.fromMicros, frame.intervalMicros),
			detail: `The tool had been in use for ${shownSpan(frame.onset.tMicros - last.fromMicros)} when the drift began.`,
			speaks: { 'tool-wear-drift': 1 },
		},
	];
}

const versionOf = ({ responseModel, fingerprint }: CallSeen) =>
	responseModel === null && fingerprint === null ? undefined : [responseModel, fingerprint].filter(Boolean).join(' ');

/** A version that answers since about then and did not before. */
function versions({ calls, stream }: Situation, frame: Frame): Finding[] {
	const known = calls.filter((call) => versionOf(call) !== undefined);
	if (known.length < 10) return [];
	const changes = known.slice(1).flatMap((call, i) => {
		const [before, now] = [versionOf(known[i]!), versionOf(call)];
		const seen = known.slice(0, i + 1).some((one) => versionOf(one) === now);
		return before === now || seen ? [] : [{ atMicros: call.startedMicros, before, now }];
	});
	const weighed = changes
		.map((one) => ({ ...one, weight: nearness(one.atMicros, frame) }))
		.toSorted((a, b) => b.weight - a.weight);
	const [near] = weighed;
	const query = `GET /api/v1/llm/calls?stream=${stream.id}`;
	if (!near || near.weight < LEAST_WEIGHT)
		return [
			{
				kind: 'version',
				value: changes.length,
				fromMicros: known[0]!.startedMicros,
				toMicros: frame.endMicros,
				query,
				detail: near
					? `A new version answers, but since ${when(near.atMicros - frame.onset.tMicros).replace(' it began', '')}, which is too far from it.`
					: `The same version (${String(versionOf(known.at(-1)!)).slice(0, 80)}) answered all along.`,
				speaks: { 'model-version-change': -2.2, 'provider-slowdown': 0.2 },
			},
		];
	return [
		{
			kind: 'version',
			value: (near.atMicros - frame.onset.tMicros) / 1e6,
			fromMicros: near.atMicros,
			toMicros: near.atMicros,
			query,
			detail: `Version ${String(near.now).slice(0, 80)} answers in place of ${String(near.before).slice(0, 80)}, since ${when(near.atMicros - frame.onset.tMicros)}.`,
			speaks: scaled(
				{ 'model-version-change': 3.8, 'provider-slowdown': -0.9, 'prompt-length-change': -0.2 },
				near.weight,
			),
		},
	];
}
