import { z } from '@hono/zod-openapi';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';
import { known } from './sign-in-routes.ts';

const PAGE = z.object({ page: z.enum(['violations', 'explore', 'settings']) });
const NAMED = PAGE.extend({ name: z.string().trim().min(1).max(60) });
const viewSchema = z.strictObject({ name: z.string(), query: z.string() }).openapi('SavedView');

/** Filters that somebody keeps under names; nobody else sees them. */
export function viewRoutes({ metadata: { views } }: HttpPorts): AnswerRoute[] {
	const common = { access: 'read', tag: 'Account' } as const;
	return [
		answer({
			...common,
			method: 'GET',
			path: '/api/v1/me/views/{page}',
			summary: 'Filters of a page that you keep',
			input: { params: PAGE },
			output: { schema: listOf(viewSchema, 'SavedViewList') },
			async handle({ params, who }) {
				return { body: { items: await views.list(known(who).id, params.page), cursor: null } };
			},
		}),
		answer({
			...common,
			method: 'PUT',
			path: '/api/v1/me/views/{page}/{name}',
			summary: 'Keep a filter under a name',
			input: { params: NAMED, body: z.strictObject({ query: z.string().max(2000).default('') }) },
			output: { schema: viewSchema },
			async handle({ params: { page, name }, body: { query }, who }) {
				const kept = await views.put(known(who).id, page, { name, query });
				if (!kept) throw new Problem(409, 'You keep as many filters as there may be: remove one first.');
				return { body: { name, query } };
			},
		}),
		answer({
			...common,
			method: 'DELETE',
			path: '/api/v1/me/views/{page}/{name}',
			summary: 'Keep a filter no longer',
			input: { params: NAMED },
			output: { status: 204, schema: z.undefined() },
			async handle({ params: { page, name }, who }) {
				if (!(await views.remove(known(who).id, page, name))) throw notFound('filter');
				return { body: undefined };
			},
		}),
	];
}
