import type { Capability } from '#rules';
import { formatTime } from './time.ts';
import type { Chart, Rule, Side } from './chart.ts';
import type { SiteEvent } from './event.ts';
import type { Limits, LimitsPlan } from './limits.ts';
import type { Labels, StreamKind, StreamState } from './stream.ts';
import type { Severity, Violation, ViolationState } from './violation.ts';

/** Answers of `/api/v1`: times are RFC 3339 UTC, except inside column arrays, which are integer microseconds. */
export interface ApiStream {
	readonly id: string;
	readonly key: string;
	readonly labels: Labels;
	readonly site: string;
	readonly asset: string;
	readonly kind: StreamKind;
	readonly unit: string;
	readonly state: StreamState;
	readonly last: { readonly t: string; readonly v: number; readonly quality: number } | null;
	readonly openViolations: number;
	/** Only where its points are computed from those of others: how, and of which; id null = there is none of that name yet. */
	readonly derivedFrom?: {
		readonly formula: string;
		readonly streams: readonly { readonly key: string; readonly id: string | null }[];
	};
	/** Only while the clock of who sends it is off: by how much it is ahead of the hub's. */
	readonly clock?: { readonly source: string; readonly offsetSeconds: number };
}

export interface ApiLimits {
	readonly limitsId: string;
	readonly chart: Chart;
	readonly from: string;
	readonly centre: number;
	readonly sigma: number;
	readonly lcl: number;
	readonly ucl: number;
	readonly rules: readonly number[];
	/** These five as in `Limits`. */
	readonly named?: readonly string[];
	readonly own?: boolean;
	readonly scale?: 'score' | 'transformed' | 'share' | 'rate';
	readonly zones?: readonly [number, number, number, number];
	readonly sized?: { readonly centre: number; readonly spread: number; readonly limitsSigma: number };
	readonly plan?: LimitsPlan;
	readonly method: string;
	readonly baseline: {
		readonly points: number;
		readonly excluded: number;
		readonly from: string;
		readonly to: string;
	} | null;
	readonly notes: readonly string[];
	readonly lag1: number | null;
}

/** `GET /streams/{id}/points`: columns of one length, oldest first; times are integer microseconds. */
export interface ApiPoints {
	readonly t: readonly number[];
	readonly v: readonly number[];
	readonly quality: readonly number[];
	readonly flags: readonly number[];
	/** From, to, reason. */
	readonly gaps: readonly (readonly [number, number, string])[];
	readonly signals: readonly { readonly t: number; readonly chart: Chart; readonly rule: Rule; readonly side: Side }[];
	readonly limits: readonly {
		readonly from: number;
		readonly chart: Chart;
		readonly centre: number;
		readonly sigma: number;
		readonly lcl: number;
		readonly ucl: number;
		readonly limitsId: string;
	}[];
	/** One entry per point of `t`/`v` (the bucket's mean) when the answer was thinned. */
	readonly thinned: null | {
		readonly bucketMicros: number;
		readonly min: readonly number[];
		readonly max: readonly number[];
		readonly count: readonly number[];
	};
}

interface ApiContextPoint {
	readonly t: string;
	readonly v: number;
}

export interface ApiViolation {
	readonly id: string;
	readonly stream: {
		readonly id: string;
		readonly key: string;
		readonly labels: Labels;
		readonly site: string;
		readonly unit: string;
	};
	readonly chart: Chart;
	readonly rule: Rule;
	readonly side: Side;
	readonly firstAt: string;
	readonly lastAt: string;
	readonly endedAt: string | null;
	/** Where the completed pattern of the first signal began. */
	readonly spanFrom: string;
	readonly active: boolean;
	readonly state: ViolationState;
	readonly severity: Severity;
	readonly points: number;
	readonly value: number;
	readonly centre: number;
	readonly sigma: number;
	readonly limitsId: string;
	readonly revision: number;
	readonly context: {
		readonly before: readonly ApiContextPoint[];
		readonly at: readonly ApiContextPoint[];
		readonly after: readonly ApiContextPoint[];
		readonly complete: boolean;
	};
	readonly metrics: Readonly<Record<string, number>>;
	readonly cause: string | null;
	readonly assignee: string | null;
}

interface ApiAlarms {
	/** Points that the plan signals at, integer microseconds, oldest first. */
	readonly at: readonly number[];
	/** Signals in a row count once. */
	readonly alarms: number;
}

/** `GET /streams/{id}/capability`: how its newest points lie in the specification of its plan. */
export interface ApiCapability {
	readonly spec: {
		readonly lsl?: number | undefined;
		readonly usl?: number | undefined;
		readonly target?: number | undefined;
	};
	/** As an analysis answers it; null without a specification, or with too few points. */
	readonly capability: Capability | null;
	readonly advice: readonly { readonly code: string; readonly detail: string; readonly suggestion: string }[];
	readonly basedOn: { readonly points: number; readonly from: string | null; readonly to: string | null };
}

/** `GET /streams/{id}/advice`: how its newest points would best be judged, beside how they are. */
export interface ApiAdvice {
	readonly plan: {
		readonly chart: string;
		readonly transform: string;
		/** Values per plotted point. */
		readonly subgroup: number;
		readonly residual: string;
		readonly season: unknown;
		readonly rules: readonly number[];
		readonly limitsSigma: number;
		/** Plotted points per false alarm; null = nothing would be judged. */
		readonly predictedArl: number | null;
		readonly predictedFalsePerDay: number;
		readonly reasons: readonly string[];
	};
	readonly advice: readonly { readonly code: string; readonly detail: string; readonly suggestion: string }[];
	readonly basedOn: {
		readonly points: number;
		readonly from: string | null;
		readonly to: string | null;
		readonly intervalMs: number;
	};
	/** Of the plan in force, for normal and independent values; null where that is not known. */
	readonly current: { readonly predictedArl: number | null; readonly predictedFalsePerDay: number | null };
	/** Both over the same points; null for a plan that cannot be drawn over values alone. */
	readonly preview: { readonly current: ApiAlarms | null; readonly recommended: ApiAlarms };
	/** What to PUT as the plan; null when too little is known. */
	readonly apply: Readonly<Record<string, unknown>> | null;
}

export interface ApiList<T> {
	readonly items: readonly T[];
	/** To be handed back for the next page; null at the end. */
	readonly cursor: string | null;
}

/** RFC 9457. */
export interface ApiProblem {
	readonly type: string;
	readonly title: string;
	readonly status: number;
	readonly detail: string;
	readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

type StreamOfViolation = ApiViolation['stream'];

/** The one place where a violation gets its public shape: REST, live events and webhooks all send this. */
export function toApiViolation(violation: Violation, stream: StreamOfViolation): ApiViolation {
	const point = (p: { tMicros: number; v: number }) => ({ t: formatTime(p.tMicros), v: p.v });
	const { context } = violation;
	return {
		id: violation.id,
		stream,
		chart: violation.chart,
		rule: violation.rule,
		side: violation.side,
		firstAt: formatTime(violation.firstMicros),
		lastAt: formatTime(violation.lastMicros),
		endedAt: violation.endedMicros === null ? null : formatTime(violation.endedMicros),
		spanFrom: formatTime(violation.spanFromMicros),
		active: violation.active,
		state: violation.state,
		severity: violation.severity,
		points: violation.points,
		value: violation.value,
		centre: violation.centre,
		sigma: violation.sigma,
		limitsId: violation.limitsId,
		revision: violation.revision,
		context: {
			before: context.before.map(point),
			at: context.at.map(point),
			after: context.after.map(point),
			complete: context.complete,
		},
		metrics: {},
		cause: violation.cause,
		assignee: violation.assignee,
	};
}

/** What happened beside the measurements; times are RFC 3339. */
export interface ApiEvent extends Omit<SiteEvent, 'fromMicros' | 'toMicros'> {
	readonly from: string;
	/** Null: a moment, or (of lasting kinds) not over. */
	readonly to: string | null;
}

export function toApiLimits(limits: Limits): ApiLimits {
	const { baseline } = limits;
	return {
		limitsId: limits.id,
		chart: limits.chart,
		from: formatTime(limits.fromMicros),
		centre: limits.centre,
		sigma: limits.sigma,
		lcl: limits.lcl,
		ucl: limits.ucl,
		rules: limits.rules,
		...(limits.named && { named: limits.named }),
		...(limits.own && { own: true }),
		...(limits.scale && { scale: limits.scale }),
		...(limits.zones && { zones: limits.zones }),
		...(limits.sized && { sized: limits.sized }),
		...(limits.plan && { plan: limits.plan }),
		method: limits.method,
		baseline: baseline && {
			points: baseline.points,
			excluded: baseline.excluded,
			from: formatTime(baseline.fromMicros),
			to: formatTime(baseline.toMicros),
		},
		notes: limits.notes,
		lag1: limits.lag1,
	};
}
