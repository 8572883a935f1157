import { z } from '@hono/zod-openapi';
import { EVIDENCE_KINDS, type ApiAnalysis } from '#contracts/analysis.ts';
import { CAUSES } from '#contracts/cause.ts';
import { actorOf } from '#server/http/actor.ts';
import { needed } from '#server/http/answers/act-fields.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute, type RawRoute } from '#server/http/route.ts';
import { sendSteps } from '#server/http/steps.ts';
import type { Visible } from '#server/http/visible.ts';

const time = z.string().openapi({ format: 'date-time' });
const score = z.number().min(0).max(1);
const evidenceId = z.string().openapi({ example: 'E1' });

const analysisSchema = z
	.strictObject({
		evidence: z.array(
			z.strictObject({
				id: evidenceId,
				kind: z.enum(EVIDENCE_KINDS),
				value: z.number().nullable(),
				window: z.strictObject({ from: time, to: time }),
				detail: z.string(),
				weight: score.openapi({ description: 'How much it says about any cause' }),
				query: z.string().openapi({ description: 'The request of this API that shows it' }),
				series: z
					.strictObject({ stream: z.string(), t: z.array(z.number()), v: z.array(z.number()) })
					.optional()
					.openapi({ description: 'For a small chart; times in microseconds' }),
			}),
		),
		hypotheses: z
			.array(
				z.strictObject({
					cause: z.enum(CAUSES),
					score,
					for: z.array(evidenceId),
					against: z.array(evidenceId),
					nextCheck: z.string(),
				}),
			)
			.openapi({ description: 'The likeliest first. Scores are strengths of evidence, not probabilities' }),
		narration: z
			.strictObject({ text: z.string(), model: z.string(), citations: z.array(evidenceId) })
			.nullable()
			.openapi({
				description: 'By a language model, checked against the evidence; null without one, or until it is told',
			}),
		similar: z.array(z.string()).openapi({ description: 'Violations of the past, the most alike first' }),
		passages: z.array(z.strictObject({ document: z.string(), text: z.string(), score })),
	})
	.openapi('Analysis') satisfies z.ZodType<ApiAnalysis>;

const feedbackSchema = z.strictObject({ verdict: z.enum(['up', 'down']), cause: z.enum(CAUSES).nullable() });

/** Why a violation may have come about. */
export function analysisRoutes(ports: HttpPorts, visible: Visible): (AnswerRoute | RawRoute)[] {
	const { rca, auth } = ports;
	const about = async (...of: Parameters<Visible['violation']>) => {
		const { violation, of: found } = await visible.violation(...of);
		return { violation, stream: found.stream };
	};
	return [
		answer({
			method: 'GET',
			path: '/api/v1/violations/{id}/analysis',
			access: 'read',
			tag: 'Violations',
			summary: 'What may have caused it: evidence, and causes of the catalogue with what speaks for and against each',
			input: { params: idParameter },
			output: { schema: analysisSchema },
			handle: async ({ principal, params }) => ({ body: await rca.analysis(await about(principal, params.id)) }),
		}),
		answer({
			method: 'POST',
			path: '/api/v1/violations/{id}/feedback',
			access: 'act',
			tag: 'Violations',
			summary: 'Whether the cause named first was right, and what it really was; the last word of each person counts',
			input: {
				params: idParameter,
				body: z.strictObject({ verdict: z.enum(['up', 'down']).optional(), cause: z.enum(CAUSES).nullish() }),
			},
			output: { schema: feedbackSchema },
			async handle({ principal, params, body, who, asking }) {
				const of = await about(principal, params.id);
				const said = { verdict: needed('verdict', body.verdict), cause: body.cause ?? null };
				await rca.feedback(of, { ...said, by: actorOf(who, auth.from(asking)) });
				return { body: said };
			},
		}),
		narrationRoute(ports, about),
	];
}

/** Server-sent events: what has a name is one of `NarrationStep`. */
function narrationRoute(
	{ rca }: HttpPorts,
	about: (...of: Parameters<Visible['violation']>) => Promise<Parameters<HttpPorts['rca']['analysis']>[0]>,
): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/analysis/narration',
		access: 'read',
		tag: 'Violations',
		summary: 'An analysis in words, sentence by sentence as each passes the checks',
		input: { query: z.strictObject({ violation: z.string().max(100) }) },
		accepts: {},
		answers: {
			200: {
				detail:
					'text/event-stream: `sentence` {text, citations}, then `told` {narration}, or `none` {reason} when nobody can put it into words',
			},
			404: { detail: 'No such violation' },
		},
		async handle({ principal, query, request, response }) {
			const asked = await about(principal, query.get('violation') ?? '');
			request.resume();
			await sendSteps(response, (signal) => rca.narrate(asked, signal));
		},
	};
}
