import { csvText } from './csv-lines.ts';
import type { ApiLimits, ApiViolation } from './api.ts';
import type { Chart, Rule, Side } from './chart.ts';
import type { EventAttributes, EventKind } from './event.ts';
import type { PlanInput } from './plan.ts';
import type { Labels, StreamKind, StreamName } from './stream.ts';

export const EXPORT_FORMATS = ['csv', 'json', 'parquet', 'png', 'svg', 'pdf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Grows when a reader of the version before would misread what is written. */
export const EXPORT_VERSION = 1;

/** Of the rows of CSV and Parquet. */
export const EXPORT_COLUMNS = ['stream_id', 'stream', 'time', 'value', 'quality', 'flags', 'signals'] as const;
/** Of the points in JSON; `t` is integer microseconds. */
export const POINT_COLUMNS = ['t', 'v', 'quality', 'flags'] as const;
export type ExportedPoint = readonly [t: number, v: number, quality: number, flags: number];

/**
 * Everything about exported points but the points: what `sigmascope analyze` needs to come to the same signals. A JSON export
 * has the points of each stream in it too.
 */
export interface ExportFacts {
	readonly sigmascopeExport: typeof EXPORT_VERSION;
	readonly versions: Readonly<Record<string, string>>;
	/** What came in later is not in it. */
	readonly asOf: string;
	readonly from: string;
	readonly to: string;
	/** Of what reads the flags and qualities of points. */
	readonly codes: {
		readonly quality: Readonly<Record<string, number>>;
		readonly flags: Readonly<Record<string, number>>;
	};
	readonly session: ExportedSession | null;
	readonly events: readonly ExportedEvent[];
	readonly streams: readonly ExportedStreamFacts[];
}

export interface ExportedSession {
	readonly id: string;
	readonly name: string;
	readonly notes: string;
}

export interface ExportedEvent {
	readonly id: string;
	readonly site: string;
	readonly kind: EventKind;
	readonly from: string;
	readonly to: string | null;
	readonly title: string;
	readonly asset: string | null;
	readonly streams: readonly string[];
	readonly attributes: EventAttributes;
}

export interface ExportedSignal {
	/** Integer microseconds. */
	readonly t: number;
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	/** Where the completed pattern began. */
	readonly spanFrom: number;
	readonly limitsId: string;
	/** true for points of the baseline itself: judged afterwards. */
	readonly baseline: boolean;
}

export interface ExportedStreamFacts {
	readonly id: string;
	/** As the rows of CSV and Parquet call it. */
	readonly name: string;
	readonly key: string;
	readonly labels: Labels;
	readonly site: string;
	readonly asset: string;
	readonly kind: StreamKind;
	readonly unit: string;
	readonly plan: PlanInput;
	readonly planRevision: number;
	/** Every version, oldest first. */
	readonly limits: readonly ApiLimits[];
	/** From, to, reason; integer microseconds. */
	readonly gaps: readonly (readonly [number, number, string])[];
	readonly signals: readonly ExportedSignal[];
	readonly violations: readonly ApiViolation[];
	/** In JSON only. */
	readonly points?: readonly ExportedPoint[];
	/** In JSON only: SHA-256 over the points as lines `t,v,quality,flags`, numbers as JavaScript writes them, in hex. */
	readonly pointsSha256?: string;
}

/** @returns the stream's key with its labels, safe for a cell */
export function exportedName({ key, labels }: Pick<StreamName, 'key' | 'labels'>): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
	const name = pairs.length === 0 ? key : `${key}{${pairs.join(',')}}`;
	return csvText(name);
}
