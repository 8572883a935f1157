import { InputError } from '#contracts/error.ts';
import type { ExportedPoint, ExportedStreamFacts } from '#contracts/export.ts';
import { planSchema, type Plan } from '#contracts/plan.ts';
import { FLAG } from '#contracts/point.ts';
import { parseTime } from '#contracts/time.ts';

/** From where on, and by which plans, stored points can be judged again. */
export interface Beginning {
	/** `whole`: limits are learnt again; `limits`: by the known ones, as the stretch begins behind their baseline. */
	readonly judged: 'whole' | 'limits' | 'not';
	readonly note: string;
	readonly fromMicros: number;
	/** In force at a time and from then on. */
	readonly phases: readonly { readonly fromMicros: number; readonly plan: Plan }[];
}

/**
 * @param of `first`: t of the first point of the stretch that is judged; undefined when there is none
 * @throws InputError for a plan that this version cannot read
 */
export function beginningOf({ first, limits, plan, planRevision }: Known): Beginning {
	const parsed = planSchema.safeParse(plan);
	if (!parsed.success) throw new InputError(`cannot judge by this plan: ${parsed.error.issues[0]?.message ?? ''}`);
	if (first === undefined) return { judged: 'not', note: 'it has no judged points', fromMicros: 0, phases: [] };
	const learntFrom = Math.min(...limits.map((one) => parseTime(one.baseline?.from ?? one.from) ?? Infinity));
	const given = 'centre' in parsed.data.baseline;
	if (planRevision === 1 && (given || first <= learntFrom)) {
		const phases = [{ fromMicros: -Infinity, plan: parsed.data }];
		return { judged: 'whole', note: '', fromMicros: first, phases };
	}
	return byLimits(parsed.data, limits, first);
}

type Known = Pick<ExportedStreamFacts, 'limits' | 'plan' | 'planRevision'> & {
	readonly first: ExportedPoint[0] | undefined;
};

/** A chart of single values needs nothing but centre and sigma to go on in the middle. */
function byLimits(plan: Plan, limits: Known['limits'], first: number): Beginning {
	const single = 'size' in plan.subgroup && plan.subgroup.size === 1;
	const isPlain = plan.chart === 'i-mr' && single && plan.transform === 'none';
	const own = limits.filter(({ chart }) => chart === 'i');
	if (!isPlain || own.length === 0) {
		const note = `${plan.chart} remembers what was before the stretch: export from the beginning of its baseline`;
		return { judged: 'not', note, fromMicros: 0, phases: [] };
	}
	const phases = own.map(({ from, centre, sigma }) => {
		return { fromMicros: parseTime(from) ?? 0, plan: { ...plan, baseline: { centre, sigma } } };
	});
	const note = 'patterns that began before the stretch are left out';
	return { judged: 'limits', note, fromMicros: Math.max(first, phases[0]?.fromMicros ?? first), phases };
}

/** What came late or was left out was not judged live either. */
export function isJudged(flags: number): boolean {
	return (flags & (FLAG.late | FLAG.excluded)) === 0;
}
