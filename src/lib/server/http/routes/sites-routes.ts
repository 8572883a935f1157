import { z } from '@hono/zod-openapi';
import type { ApiSite } from '#contracts/access.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';

const siteSchema = z
	.strictObject({ site: z.string(), streams: z.number().int() })
	.openapi('Site') satisfies z.ZodType<ApiSite>;

/** Sites that somebody may look at: those with streams, and those that a role or key names. */
export function sitesRoutes({ metadata }: HttpPorts): AnswerRoute[] {
	return [
		answer({
			method: 'GET',
			path: '/api/v1/sites',
			access: 'self',
			tag: 'Access',
			summary: 'Sites that you may look at, and how many streams each has',
			output: { schema: z.strictObject({ items: z.array(siteSchema) }) },
			async handle({ principal }) {
				const { sites } = principal;
				const counts = new Map(await metadata.streams.countBySite(sites));
				for (const site of sites === 'all' ? [] : sites) if (!counts.has(site)) counts.set(site, 0);
				const items = [...counts].map(([site, streams]) => ({ site, streams }));
				return { body: { items: items.sort((a, b) => (a.site < b.site ? -1 : 1)) } };
			},
		}),
	];
}
