import type { PlanInput } from '#contracts/plan.ts';

/** A plan as a form holds it: what people typed, right or wrong. */
export interface PlanDraft {
	chart: string;
	group: 'each' | 'size' | 'window';
	size: string;
	window: string;
	/** Charts of counts: values that a window has at least, whether it ends early, units of each value. */
	atLeast: string;
	curtailed: boolean;
	unitsPerPoint: string;
	/** z-mr: who says which part is made, and `17 10 0.1` a line: part, centre, sigma. */
	part: string;
	targets: string;
	missing: string;
	rule8: string;
	startup: string;
	transform: string;
	/** A set's name, `own` for the numbers below, or `written` for rules that a form cannot hold. */
	set: string;
	rules: number[];
	limitsSigma: string;
	lambda: string;
	k: string;
	h: string;
	baseline: 'points' | 'given';
	points: string;
	centre: string;
	sigma: string;
	lsl: string;
	target: string;
	usl: string;
	expect: string;
	falseAlarmsPerDay: string;
	severity: string;
	/** A step a line. */
	reaction: string;
}

const text = (value: number | string | undefined) => (value === undefined ? '' : String(value));

export function draftOf(plan: PlanInput): PlanDraft {
	const { subgroup = { size: 1 }, baseline, rules = [1, 2, 5, 6], spec } = plan;
	const numbers = typeof rules === 'string' ? [] : rules.filter((rule) => typeof rule === 'number');
	const isOwn = typeof rules !== 'string' && numbers.length === rules.length;
	return {
		chart: plan.chart ?? 'i-mr',
		group: 'window' in subgroup ? 'window' : subgroup.size === 1 ? 'each' : 'size',
		size: 'size' in subgroup && subgroup.size > 1 ? String(subgroup.size) : '5',
		window: 'window' in subgroup ? subgroup.window : '1m',
		atLeast: 'window' in subgroup ? text(subgroup.atLeast) : '',
		curtailed: subgroup.curtailed ?? false,
		unitsPerPoint: text(plan.unitsPerPoint),
		part: plan.part ?? '',
		targets: Object.entries(plan.targets ?? {})
			.map(([part, { centre, sigma }]) => `${part} ${centre} ${sigma}`)
			.join('\n'),
		missing: plan.missing ?? 'break',
		rule8: plan.rule8 ?? 'both-sides',
		startup: plan.startup ?? 'partial',
		transform: plan.transform ?? 'none',
		set: typeof rules === 'string' ? rules : isOwn ? 'own' : 'written',
		rules: isOwn ? [...numbers] : [1, 2, 5, 6],
		limitsSigma: text(plan.limitsSigma),
		lambda: text(plan.lambda),
		k: text(plan.k),
		h: text(plan.h),
		baseline: baseline && 'centre' in baseline ? 'given' : 'points',
		points: baseline && 'points' in baseline ? String(baseline.points) : '',
		centre: baseline && 'centre' in baseline ? String(baseline.centre) : '',
		sigma: baseline && 'centre' in baseline ? text(baseline.sigma) : '',
		lsl: text(spec?.lsl),
		target: text(spec?.target),
		usl: text(spec?.usl),
		expect: text(plan.expect),
		falseAlarmsPerDay: text(plan.falseAlarmsPerDay),
		severity: plan.severity ?? 'warning',
		reaction: (plan.reaction ?? []).join('\n'),
	};
}

/**
 * The plan to put. What is no number stays as it was typed, so that the server says what is wrong with it and where.
 *
 * @param base the plan that was drafted from: what a form has no field for stays as it is
 */
export function planOf(draft: PlanDraft, base: PlanInput): Readonly<Record<string, unknown>> {
	const { chart } = draft;
	const only = (charts: readonly string[], value: unknown) => (charts.includes(chart) ? value : undefined);
	return filled({
		alert: base.alert,
		severities: base.severities,
		admit: base.admit,
		reorder: base.reorder,
		chart,
		subgroup: groupOf(draft),
		transform: TRANSFORMED.includes(chart) ? draft.transform : undefined,
		rules: RULED.includes(chart) ? rulesOf(draft, base) : undefined,
		limitsSigma: chart === 'auto' || chart === 'cusum' ? undefined : number(draft.limitsSigma),
		lambda: only(['ewma'], number(draft.lambda)),
		k: only(['cusum'], number(draft.k)),
		h: only(['cusum'], number(draft.h)),
		baseline: chart === 'z-mr' ? undefined : baselineOf(draft),
		unitsPerPoint: only([...OF_SAMPLES, 'np'], number(draft.unitsPerPoint)),
		part: only(['z-mr'], draft.part.trim() || undefined),
		targets: only(['z-mr'], targetsOf(draft.targets)),
		// What is usual is not said, so that a plan which never said it stays as it is.
		missing: draft.missing === 'break' ? base.missing && 'break' : draft.missing,
		rule8: RULED.includes(chart)
			? draft.rule8 === 'both-sides'
				? base.rule8 && 'both-sides'
				: draft.rule8
			: undefined,
		startup: RULED.includes(chart)
			? draft.startup === 'partial'
				? base.startup && 'partial'
				: draft.startup
			: undefined,
		spec: filled({ lsl: number(draft.lsl), target: number(draft.target), usl: number(draft.usl) }),
		expect: draft.expect.trim() || undefined,
		falseAlarmsPerDay: number(draft.falseAlarmsPerDay),
		severity: draft.severity,
		reaction: draft.reaction
			.split('\n')
			.map((step) => step.trim())
			.filter((step) => step !== ''),
	});
}

/** Charts that rules judge; the others have limits of their own. */
export const RULED: readonly string[] = [
	'i-mr',
	'xbar-r',
	'xbar-s',
	'p',
	'np',
	'c',
	'u',
	'p-prime',
	'u-prime',
	'g',
	't',
	'z-mr',
];

/** Charts of samples that may be of any size. */
export const OF_SAMPLES: readonly string[] = ['p', 'p-prime', 'u', 'u-prime'];

/** Charts whose sigma follows from their centre and the size of a sample. */
export const GIVEN_BY_CENTRE: readonly string[] = ['p', 'np', 'u'];

/** Charts of values that may be judged on another scale. */
export const TRANSFORMED: readonly string[] = ['i-mr', 'ewma', 'cusum'];

function groupOf({ chart, group, size, window, atLeast, curtailed }: PlanDraft): object {
	const ends = OF_SAMPLES.includes(chart) && curtailed ? { curtailed } : {};
	switch (group) {
		case 'each':
			return { size: 1 };
		case 'size':
			return { size: number(size), ...ends };
		case 'window':
			return filled({
				window: window.trim(),
				atLeast: OF_SAMPLES.includes(chart) ? number(atLeast) : undefined,
				...ends,
			});
	}
}

/** What is no line of three stays where it was typed, so that the server says what is wrong with it. */
function targetsOf(typed: string): Readonly<Record<string, unknown>> {
	const lines = typed.split('\n').map((line) => line.trim().split(/[\s;:]+/));
	return Object.fromEntries(
		lines.flatMap(([part = '', centre = '', sigma = '']) =>
			part === '' ? [] : [[part, filled({ centre: number(centre), sigma: number(sigma) })]],
		),
	);
}

function rulesOf({ set, rules }: PlanDraft, base: PlanInput): unknown {
	if (set === 'own') return rules.toSorted((a, b) => a - b);
	return set === 'written' ? base.rules : set;
}

function baselineOf({ chart, baseline, points, centre, sigma }: PlanDraft): object | undefined {
	const spread = GIVEN_BY_CENTRE.includes(chart) ? undefined : number(sigma);
	if (baseline === 'given') return filled({ centre: number(centre), sigma: spread });
	return points.trim() === '' ? undefined : { points: number(points) };
}

function number(typed: string): number | string | undefined {
	const trimmed = typed.trim();
	if (trimmed === '') return undefined;
	const value = Number(trimmed.replace(',', '.'));
	return Number.isFinite(value) ? value : trimmed;
}

function filled(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** @returns the faults of one field and all below it; `$.rules[0]` is one of `rules` */
export function faultsOf(
	faults: readonly { readonly path: string; readonly message: string }[],
	field: string,
): readonly string[] {
	const path = `$.${field}`;
	return faults
		.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`) || fault.path.startsWith(`${path}[`))
		.map(({ message }) => message);
}
