import { z } from '@hono/zod-openapi';
import { FOUND_KINDS, type ApiSearched, type FoundKind } from '#contracts/knowledge.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import { check, onlyOnce } from '#server/http/check.ts';
import { countParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute, type RawRoute } from '#server/http/route.ts';
import { sendSteps } from '#server/http/steps.ts';

const kinds = z
	.string()
	.max(100)
	.transform((text, context): FoundKind[] => {
		const found = text.split(',').map((word) => FOUND_KINDS.find((kind) => kind === word.trim()));
		const known = found.filter((one) => one !== undefined);
		if (known.length < found.length)
			context.addIssue({ code: 'custom', message: `must be some of ${FOUND_KINDS.join(', ')}, with commas` });
		return known;
	})
	.openapi({ type: 'string', description: 'One, or several with commas: document,log' });

const searchQuery = z.strictObject({
	q: z.string().trim().min(1, 'is empty: ask something').max(2000),
	site: z.string().max(100).optional(),
	kind: kinds.optional(),
	limit: countParameter(50).default(20),
});

const found = {
	title: z.string(),
	text: z.string().openapi({ description: 'From outside: show it as plain text' }),
	highlights: z
		.array(z.tuple([z.number().int(), z.number().int()]).readonly())
		.openapi({ description: 'Words of `text` that were looked for, from one UTF-16 unit up to and without another' }),
	score: z.number(),
	by: z.array(z.enum(['keyword', 'vector'])),
	site: z.string(),
};

const searchSchema = z
	.strictObject({
		items: z.array(
			z.discriminatedUnion('kind', [
				z.strictObject({
					kind: z.literal('document'),
					...found,
					document: z.string(),
					heading: z.string().nullable(),
					headingHighlights: z.array(z.tuple([z.number().int(), z.number().int()]).readonly()),
					page: z.number().int().nullable(),
				}),
				z.strictObject({
					kind: z.literal('log'),
					...found,
					at: z.string(),
					severity: z.string().nullable(),
					alike: z.number().int(),
				}),
				z.strictObject({ kind: z.literal('stream'), ...found, stream: z.string() }),
			]),
		),
		mode: z.enum(['keyword', 'hybrid']),
		reason: z.string().nullable().openapi({ description: 'In keyword mode: why words are looked for only' }),
		respelled: z.array(z.strictObject({ word: z.string(), as: z.array(z.string()) })),
		answers: z.boolean().openapi({ description: 'Whether a language model can be asked to answer from it' }),
	})
	.openapi('Search') satisfies z.ZodType<ApiSearched>;

/** One question to documents, logs and names of streams. */
export function searchRoutes({ knowledge, rca }: HttpPorts): (AnswerRoute | RawRoute)[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/search',
			access: 'read',
			tag: 'Documents',
			summary: 'What documents, logs and names of streams have on a question, best first',
			input: { query: searchQuery },
			output: { schema: searchSchema },
			async handle({ principal, query: { q, site, kind, limit } }) {
				const found = await knowledge.search({ sites: sitesOf(principal, site), text: q, kinds: kind, limit });
				return { body: { ...found, answers: rca.narrates() } };
			},
		}),
		answerRoute(rca),
	];
}

const answerQuery = searchQuery.pick({ q: true, site: true });

function sitesOf(principal: Principal, site: string | undefined): Sites {
	if (site === undefined) return principal.sites;
	return maySee(principal, site) ? [site] : [];
}

/** Server-sent events: what has a name is one of `AnswerStep`. */
function answerRoute(rca: HttpPorts['rca']): RawRoute {
	return {
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/search/answer',
		access: 'read',
		tag: 'Documents',
		summary:
			'A question answered by a language model from what is found, sentence by sentence as each passes the checks',
		input: { query: answerQuery },
		accepts: {},
		answers: {
			200: {
				detail:
					'text/event-stream: `passages` {items}, `sentence` {text, citations}, then `told` {answer}, or `none` {reason} when nobody can answer',
			},
			400: { detail: 'No question' },
		},
		async handle({ principal, query, request, response }) {
			const { q, site } = check(answerQuery, onlyOnce(query), 'query');
			request.resume();
			await sendSteps(response, (signal) => rca.answer({ sites: sitesOf(principal, site), text: q }, signal));
		},
	};
}
