import type { LlmCharacteristicName } from '#contracts/llm.ts';
import { LLM_CHARACTERISTICS } from '#contracts/llm.ts';
import { QUALITY } from '#contracts/point.ts';
import { timeFault } from '#contracts/time.ts';
import { fieldsOf, listOf, textOf, type Fields } from '#lib/llm/field.ts';
import type { DerivedPoint } from '../../ingest/port.ts';
import { cut } from '../foreign.ts';
import { attributesOf, firstText, microsOf, numberOf, type Attributes } from './attributes.ts';
import { NAMES, WANTED } from './names.ts';

export interface FoundPoints {
	readonly points: readonly DerivedPoint[];
	readonly rejected: number;
	readonly message: string;
}

/** What a histogram is a histogram of; seconds become milliseconds. */
const HISTOGRAMS: Readonly<Record<string, { readonly name: LlmCharacteristicName; readonly factor: number }>> = {
	'gen_ai.client.operation.duration': { name: 'total_ms', factor: 1000 },
	'gen_ai.client.operation.time_to_first_chunk': { name: 'ttfc_ms', factor: 1000 },
	'gen_ai.server.request.duration': { name: 'server_ms', factor: 1000 },
	'gen_ai.server.time_to_first_token': { name: 'ttft_ms', factor: 1000 },
	'gen_ai.server.time_per_output_token': { name: 'tpot_ms', factor: 1000 },
};
const TOKENS = 'gen_ai.client.token.usage';
const TOKEN_NAMES: Readonly<Record<string, LlmCharacteristicName>> = {
	input: 'input_tokens',
	prompt: 'input_tokens',
	output: 'output_tokens',
	completion: 'output_tokens',
};

const CUMULATIVE = 2;
const MOST_SERIES = 50_000;

/** Histograms of calls to points: the mean of each interval of export, which is a subgroup by time. */
export interface MetricsReader {
	read(document: unknown, nowMicros: number): FoundPoints;
}

/**
 * Remembers cumulative series, since only the difference between two exports is an interval. With a restart the first interval of
 * each is lost, as OpenTelemetry's own rules for such readers have it.
 */
export function createMetricsReader(): MetricsReader {
	const before = new Map<string, { readonly startMicros: number; readonly count: number; readonly sum: number }>();

	/** @returns count and sum of the interval; undefined where it is not known */
	function interval(series: string, point: Counted, isCumulative: boolean): Counted | undefined {
		if (!isCumulative) return point;
		const last = before.get(series);
		if (!last && before.size >= MOST_SERIES) before.clear();
		before.set(series, point);
		// Begun anew since, or not seen before and begun within the first interval's length of now: nothing to subtract.
		if (last === undefined || last.startMicros !== point.startMicros || last.count > point.count) return undefined;
		return { ...point, count: point.count - last.count, sum: point.sum - last.sum };
	}

	return {
		read(document, nowMicros) {
			const points: DerivedPoint[] = [];
			let [rejected, message] = [0, ''];
			for (const found of histogramPoints(document)) {
				const result = readPoint(found, nowMicros);
				if (typeof result === 'string') {
					rejected++;
					message ||= `${found.metric}: ${result}`;
					continue;
				}
				const own = interval(result.series, result.counted, found.isCumulative);
				if (own !== undefined && own.count > 0) points.push(result.pointOf(own.sum / own.count));
			}
			return { points, rejected, message };
		},
	};
}

interface Counted {
	readonly startMicros: number;
	readonly count: number;
	readonly sum: number;
}

interface HistogramPoint {
	readonly metric: string;
	readonly point: Fields;
	readonly isCumulative: boolean;
	readonly own: Attributes;
	readonly resource: Attributes;
}

function* histogramPoints(document: unknown): Generator<HistogramPoint> {
	for (const group of listOf(fieldsOf(document).resourceMetrics).map(fieldsOf)) {
		const resource = attributesOf(fieldsOf(group.resource).attributes, WANTED);
		for (const scope of listOf(group.scopeMetrics).map(fieldsOf))
			for (const metric of listOf(scope.metrics).map(fieldsOf)) {
				const name = textOf(metric.name);
				if (name !== TOKENS && !Object.hasOwn(HISTOGRAMS, name)) continue;
				const histogram = fieldsOf(metric.histogram ?? metric.exponentialHistogram);
				const temporality = histogram.aggregationTemporality;
				const isCumulative = temporality === CUMULATIVE || temporality === 'AGGREGATION_TEMPORALITY_CUMULATIVE';
				for (const point of listOf(histogram.dataPoints).map(fieldsOf))
					yield { metric: name, point, isCumulative, own: attributesOf(point.attributes, WANTED), resource };
			}
	}
}

interface ReadPoint {
	readonly series: string;
	readonly counted: Counted;
	pointOf(mean: number): DerivedPoint;
}

/** @returns why it is none, where it is none */
function readPoint({ metric, point, own, resource }: HistogramPoint, nowMicros: number): ReadPoint | string {
	const tMicros = microsOf(point.timeUnixNano);
	if (tMicros === undefined) return 'timeUnixNano is missing or no number';
	const late = timeFault(tMicros, nowMicros);
	if (late !== undefined) return late;
	const [count, sum] = [numberOf(point.count), numberOf(point.sum)];
	if (count === undefined || sum === undefined) return 'count or sum is missing';
	const what = characteristicOf(metric, own);
	if (what === undefined) return `${NAMES.tokenType[0]} is neither input nor output`;
	const model = cut(firstText(own, [...NAMES.model, ...NAMES.responseModel]) ?? '', 120);
	if (model === undefined) return `${NAMES.model[0]} is missing`;
	const provider = cut((firstText(own, NAMES.provider) ?? '').replaceAll('/', '_'), 60) ?? 'unknown';
	const key = `${provider}/${model}/${what.name}`;
	const labels = labelsOf(own, resource);
	return {
		series: JSON.stringify([metric, key, labels]),
		counted: { startMicros: microsOf(point.startTimeUnixNano) ?? 0, count, sum },
		pointOf: (mean) => ({
			key,
			labels,
			tMicros,
			unit: LLM_CHARACTERISTICS[what.name].unit,
			v: mean * what.factor,
			quality: QUALITY.good,
		}),
	};
}

function characteristicOf(metric: string, own: Attributes) {
	if (metric !== TOKENS) return HISTOGRAMS[metric];
	const type = firstText(own, NAMES.tokenType) ?? '';
	const name = Object.hasOwn(TOKEN_NAMES, type) ? TOKEN_NAMES[type] : undefined;
	return name && { name, factor: 1 };
}

/** Failed calls are quick or slow for reasons of their own: their histogram is another series. */
function labelsOf(own: Attributes, resource: Attributes): Record<string, string> {
	const said = (names: readonly string[]) => cut(firstText(own, names) ?? firstText(resource, names) ?? '', 100);
	const all = {
		source: 'metrics',
		operation: said(NAMES.operation),
		region: said(NAMES.region),
		environment: said(NAMES.environment),
		error: said(NAMES.error),
	};
	return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
