import { changeAt, type Moment } from '../change.ts';
import type { Finding, Speaks } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { between } from '../series.ts';
import type { Situation, SystemSeries } from '../situation.ts';
import { pointsQuery, shown } from './words.ts';

const LEAST_SIGMAS = 4;
const LEAST_P = 1e-4;
/** A queue that is empty again within this has held nothing up. */
const LEAST_WAITING_S = 20;
const MOST_FINDINGS = 4;

/** How hub, collectors and computers were when it began: what measures is looked at before what is measured. */
export function systemFindings(situation: Situation, frame: Frame): Finding[] {
	const moment = { ...frameMoment(frame), startMicros: situation.own.tMicros[0]! };
	const found = situation.system
		.flatMap((one) => findingOf(one, { situation, moment }) ?? [])
		.toSorted((a, b) => strength(b.speaks) - strength(a.speaks));
	return found.slice(0, MOST_FINDINGS);
}

const strength = (speaks: Speaks) => Math.max(0, ...Object.values(speaks));

/** Own values come every ten seconds, so what happened just before may stand a bit later. */
function frameMoment({ onset, endMicros, intervalMicros }: Frame) {
	const slack = Math.max(4 * intervalMicros, 30_000_000, onset.toMicros - onset.fromMicros);
	return { onsetMicros: onset.tMicros, endMicros, slack };
}

interface Asked {
	readonly situation: Situation;
	readonly moment: Moment & { readonly slack: number };
}

function findingOf(one: SystemSeries, asked: Asked): Finding | undefined {
	const { key } = one.stream;
	if (!one.isOwn) return changed(one, asked);
	if (key.startsWith('health/')) return unwell(one, asked);
	return key.endsWith('/waiting') ? waited(one, asked) : changed(one, asked);
}

/** Around the onset something was not well that was well before. */
function unwell(one: SystemSeries, { situation, moment }: Asked): Finding | undefined {
	const { onsetMicros, slack, startMicros } = moment;
	const near = between(one.series, onsetMicros - 2 * slack, onsetMicros + slack);
	const calm = between(one.series, startMicros, onsetMicros - 2 * slack);
	if (maxOf(near.v) < 0.5 || shareOf(calm.v) > 0.2) return undefined;
	const name = one.stream.key.slice('health/'.length);
	const isCollector = name.startsWith('collector/');
	return {
		...windowOf(one, moment),
		value: maxOf(near.v),
		detail: `${isCollector ? `The collector ${name.slice('collector/'.length)}` : `The part ${name} of this product`} was not well when it began.`,
		speaks: speaksOf(situation, isCollector ? 1.2 : 0.7),
	};
}

/** Points waited on the disk of their collector. */
function waited(one: SystemSeries, { situation, moment }: Asked): Finding | undefined {
	const { onsetMicros, slack, startMicros } = moment;
	const near = maxOf(between(one.series, onsetMicros - 2 * slack, onsetMicros + 2 * slack).v);
	const calm = maxOf(between(one.series, startMicros, onsetMicros - 2 * slack).v);
	if (near < LEAST_WAITING_S || calm > near / 2) return undefined;
	const name = one.stream.key.slice('collector/'.length, -'/waiting'.length);
	return {
		...windowOf(one, moment),
		value: near,
		detail: `Values waited up to ${shown(near)} s on the disk of the collector ${name} when it began.`,
		speaks: speaksOf(situation, 0.8),
	};
}

/** A load or a delay that changed when it began. */
function changed(one: SystemSeries, { situation, moment }: Asked): Finding | undefined {
	const change = changeAt(one.series, moment, one.stream);
	if (!change || change.sigmas < LEAST_SIGMAS || change.p > LEAST_P) return undefined;
	const { key, unit } = one.stream;
	const words = `from ${shown(change.before)} to ${shown(change.after)}${unit === '' ? '' : ` ${unit}`}`;
	return {
		...windowOf(one, moment),
		value: change.sigmas,
		detail: one.isOwn
			? `The product's own ${key} rose ${words} when it began.`
			: `Of a computer at this site, ${key} rose ${words} when it began.`,
		speaks: speaksOf(situation, one.isOwn ? 0.5 : 0.4),
		series: { stream: key, points: change.series },
	};
}

/** A busy computer measures late: of calls that is the client's doing, of a machine the collector's. */
function speaksOf({ stream }: Situation, nats: number): Speaks {
	return stream.kind === 'llm'
		? { 'client-or-network': 0.7 * nats, 'collector-or-clock': 0.5 * nats }
		: { 'collector-or-clock': nats };
}

function windowOf({ stream }: SystemSeries, { onsetMicros, endMicros, slack }: Asked['moment']) {
	const fromMicros = onsetMicros - 2 * slack;
	return {
		kind: 'system' as const,
		fromMicros,
		toMicros: endMicros,
		query: pointsQuery(stream.id, fromMicros, endMicros),
	};
}

const maxOf = (values: Float64Array) => values.reduce((most, v) => Math.max(most, v), -Infinity);
const shareOf = (values: Float64Array) =>
	values.length === 0 ? 0 : values.filter((v) => v >= 0.5).length / values.length;
