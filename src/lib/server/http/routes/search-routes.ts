import { z } from '@hono/zod-openapi';
import { FOUND_KINDS, type ApiSearch, type FoundKind } from '#contracts/knowledge.ts';
import { maySee } from '#contracts/principal.ts';
import { countParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';

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
	})
	.openapi('Search') satisfies z.ZodType<ApiSearch>;

/** One question to documents, logs and names of streams. */
export function searchRoutes({ knowledge }: HttpPorts): AnswerRoute[] {
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
				const sites = site === undefined ? principal.sites : maySee(principal, site) ? [site] : [];
				return { body: await knowledge.search({ sites, text: q, kinds: kind, limit }) };
			},
		}),
	];
}
