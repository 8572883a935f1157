import { Worker } from 'node:worker_threads';
import { z } from '@hono/zod-openapi';
import type { ApiAdvice } from '#contracts/api.ts';
import { unitsOf } from '#rules';
import { createExclusive } from '#contracts/exclusive.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Plan } from '#contracts/plan.ts';
import { formatTime } from '#contracts/time.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import type { Advised, Evidence, PlanInForce } from '#server/http/answers/advise.ts';
import { judgedPoints } from '#server/http/answers/judged-points.ts';
import { predictedOfCounts } from '#server/http/answers/predicted-counts.ts';
import { countParameter, idParameter } from '#server/http/parameters.ts';
import { toPlanDocument } from '#contracts/plan-document.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { adviceSchema } from '#server/http/schemas.ts';
import type { Visible } from '#server/http/visible.ts';

const MOST_POINTS = 10_000;
/** Samples that a share is learnt from: Montgomery's twenty to twenty-five. */
const SAMPLES = 25;
const USUAL_POINTS = '1000';
/** Where too few points came to tell how often they do. */
const UNKNOWN_INTERVAL_MS = 60_000;

/** How a stream would best be judged, from what it measured; nothing is changed. */
export function adviceRoutes(ports: HttpPorts, visible: Visible): AnswerRoute[] {
	const oneByOne = createExclusive();
	return [
		answer({
			method: 'GET',
			path: '/api/v1/streams/{id}/advice',
			access: 'read',
			tag: 'Streams',
			summary: 'The control plan that suits its newest points, beside the one in force',
			input: {
				params: idParameter,
				query: z.strictObject({ points: countParameter(MOST_POINTS).prefault(USUAL_POINTS) }),
			},
			output: { schema: adviceSchema },
			problems: { 503: 'The store does not answer and the newest points in memory do not reach back far enough' },
			async handle({ principal, params, query }) {
				const found = await visible.stream(principal, params.id);
				const evidence = await evidenceOf(ports, found, query.points);
				return { body: toApiAdvice(found.plan, evidence, await oneByOne(() => aside(evidence))) };
			},
		}),
	];
}

/** In a thread: it tries many plans, during which no live frame would leave. */
function aside(evidence: Evidence): Promise<Advised> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(new URL('../answers/advise-worker.ts', import.meta.url), { workerData: evidence });
		worker.once('error', reject);
		worker.once('exit', () => reject(new Error('the advice ended without an answer')));
		worker.once('message', resolve);
	});
}

async function evidenceOf(ports: HttpPorts, found: StreamWithPlan, wanted: number): Promise<Evidence> {
	const { stream, plan } = found;
	const judged = await judgedPoints(ports, found, wanted);
	const intervalMs = intervalOf(judged.tMicros) ?? plan.expect ?? UNKNOWN_INTERVAL_MS;
	const inForce = inForceOf(plan, ports.engine.limits(stream.id), intervalMs);
	return { ...judged, intervalMs, falseAlarmsPerDay: plan.falseAlarmsPerDay, inForce };
}

/** The usual step: half of them are shorter. */
function intervalOf(tMicros: Float64Array): number | undefined {
	const steps = tMicros.subarray(1).map((t, i) => t - tMicros[i]!);
	const sorted = steps.filter((step) => step > 0).sort();
	const middle = sorted[sorted.length >>> 1];
	return middle === undefined ? undefined : middle / 1000;
}

function inForceOf(plan: Plan, limits: readonly Limits[], intervalMs: number): PlanInForce {
	const { chart, subgroup, transform, rules } = plan;
	const [leading] = limits;
	const learnt = leading?.plan;
	const size = 'size' in subgroup ? subgroup.size : undefined;
	return {
		chart,
		size: learnt?.subgroup ?? size,
		transform,
		// The engine may judge by fewer than the plan names, where a baseline was autocorrelated.
		rules: isNumbers(rules) && leading && !leading.named ? leading.rules : rules,
		known: isPlain(leading) ? { centre: leading.centre, sigma: leading.sigma } : null,
		predicted: learnt
			? { arl: learnt.predictedArl, falsePerDay: learnt.predictedFalsePerDay }
			: predictedOfCounts(plan, leading, intervalMs),
	};
}

const isNumbers = (rules: Plan['rules']) => Array.isArray(rules) && rules.every((rule) => typeof rule === 'number');

function isPlain(limits: Limits | undefined): limits is Limits {
	return limits?.chart === 'i' && limits.sigma > 0 && !limits.scale && !limits.zones;
}

function toApiAdvice(plan: Plan, { v, tMicros, intervalMs }: Evidence, advised: Advised): ApiAdvice {
	const { learnFrom, preview } = advised;
	const [first, last] = [tMicros[0], tMicros.at(-1)];
	return {
		plan: advised.plan,
		advice: plan.chart === 't2' ? [...advised.advice, OF_SEVERAL] : advised.advice,
		basedOn: {
			points: v.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0),
			from: first === undefined ? null : formatTime(first),
			to: last === undefined ? null : formatTime(last),
			intervalMs,
		},
		current: advised.current,
		preview,
		apply: applied(plan, v, learnFrom),
	};
}

const OF_SEVERAL = {
	code: 'multivariate',
	detail: 'this chart measures how far several streams are together from where they were',
	suggestion: 'keep it, and see the advice for each of its streams',
};

/** The plan in force, judged as recommended: what does not say how is a person's word and stays. null = nothing to apply. */
function applied(plan: Plan, v: Float64Array, learnFrom: number | null): Readonly<Record<string, unknown>> | null {
	const { spec, expect, reorder, admit, missing, falseAlarmsPerDay, severity, alert, reaction } = toPlanDocument(plan);
	const kept = { spec, reorder, admit, falseAlarmsPerDay, severity, reaction };
	const said = { ...(expect && { expect }), ...(missing && { missing }), ...(alert && { alert }) };
	// What is of several streams is no stream's plan: the advice is about its distances, as they are.
	if (plan.chart === 't2') return null;
	if (learnFrom !== null) return { ...kept, ...said, chart: 'auto', baseline: { points: learnFrom } };
	const units = unitsOf(v.filter((value) => !Number.isNaN(value)));
	if (units === undefined || plan.chart === 'p' || plan.chart === 'p-prime') return null;
	return { ...kept, ...said, chart: 'p', subgroup: { size: units.sample }, baseline: { points: SAMPLES } };
}
