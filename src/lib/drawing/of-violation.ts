import type { ApiViolation } from '#contracts/api.ts';
import { bitOfRule } from '#contracts/chart.ts';
import { QUALITY } from '#contracts/point.ts';
import { limitsOf, type ContextLimits } from '#lib/chart/context-geometry.ts';
import { chartTitle, unitWords } from '#lib/format/chart-words.ts';
import { ruleLine } from '#lib/format/rule-words.ts';
import type { Limits } from '#contracts/limits.ts';
import type { DrawnChart, SpcDrawing } from './drawing.ts';

/** Room beside the first and the last point, as a share of the whole. */
const MARGIN = 0.04;

/**
 * A violation with ten points before and after, from what it carries itself: no store, no engine.
 *
 * @param limits those that it was found by (`limitsId`); without them centre ± 3 sigma, where that is what they are
 */
export function violationDrawing(
	violation: ApiViolation,
	{ timeZone, limits }: { readonly timeZone: string; readonly limits?: Limits | undefined },
): SpcDrawing {
	const { stream, context, chart, rule } = violation;
	const times = [...context.before, ...context.at, ...context.after].map(({ t }) => Date.parse(t));
	const [first, last] = [times[0] ?? Date.parse(violation.firstAt), times.at(-1) ?? Date.parse(violation.lastAt)];
	const margin = Math.max(1, (last - first) * MARGIN);
	const labels = Object.entries(stream.labels).map(([name, value]) => `${name} ${value}`);
	return {
		title: stream.key,
		subtitle: [stream.site, ...labels].join(' · '),
		charts: [drawnContext(violation, limits)],
		fromMs: first - margin,
		toMs: last + margin,
		timeZone,
		violation: {
			words: `${ruleLine(rule)}${chart === 'i' ? '' : `, ${chartTitle({ chart, group: 1, scale: undefined })}`}`,
			spanFromMs: Math.max(first, Date.parse(violation.spanFrom)),
			firstMs: Date.parse(violation.firstAt),
			lastMs: Date.parse(violation.lastAt),
		},
	};
}

function drawnContext(violation: ApiViolation, limits: Limits | undefined): DrawnChart {
	const { chart, context, centre, sigma, stream, rule, side } = violation;
	const all = [...context.before, ...context.at, ...context.after];
	const bit = bitOfRule(rule, side, limits?.named);
	const begin = context.before.length;
	const columns = {
		length: all.length,
		tMs: Float64Array.from(all, ({ t }) => Date.parse(t)),
		v: Float64Array.from(all, ({ v }) => v),
		signals: Uint16Array.from(all, (_, i) => (i >= begin && i < begin + context.at.length ? bit : 0)),
		flags: new Uint8Array(all.length),
		quality: new Uint8Array(all.length).fill(QUALITY.good),
	};
	const known: ContextLimits | undefined = limits ?? limitsOf(violation);
	const { lcl, ucl } = known ?? { lcl: NaN, ucl: NaN };
	const segment = { ...(limits ?? {}), fromMs: -Infinity, toMs: Infinity, centre, sigma, lcl, ucl, baseline: null };
	return {
		chart,
		heading: chartTitle({ chart, group: 1, scale: limits?.scale }),
		unit: unitWords(limits?.scale, stream.unit),
		series: { columns, gaps: [], buckets: null, admit: QUALITY.bad },
		segments: known ? [segment] : [],
	};
}
