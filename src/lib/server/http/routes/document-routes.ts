import { z } from '@hono/zod-openapi';
import { DOCUMENT_TYPES, type ApiDocument, type DocumentType } from '#contracts/knowledge.ts';
import { maySee, type Principal } from '#contracts/principal.ts';
import { quote } from '#contracts/stream.ts';
import { actorOf } from '#server/http/actor.ts';
import type { Bodies } from '#server/http/body.ts';
import { check, onlyOnce } from '#server/http/check.ts';
import { idParameter } from '#server/http/parameters.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound, Problem, sendDocument } from '#server/http/problem.ts';
import { answer, type AnswerRoute, type RawRoute } from '#server/http/route.ts';
import { listOf } from '#server/http/schemas.ts';

const common = { tag: 'Documents' } as const;

const documentSchema = z
	.strictObject({
		id: z.string(),
		site: z.string(),
		name: z.string(),
		type: z.enum(DOCUMENT_TYPES),
		bytes: z.number().int().openapi({ description: 'Of the file as it was sent; only its text is kept' }),
		pages: z.number().int().nullable(),
		uploadedAt: z.string(),
		by: z.string(),
		state: z.enum(['waiting', 'ready', 'failed']),
		error: z.string().nullable(),
		passages: z.number().int(),
		embedded: z.number().int().openapi({ description: 'Passages that are found by meaning too' }),
		notes: z.array(z.string()),
	})
	.openapi('Document') satisfies z.ZodType<ApiDocument>;

/** Manuals, procedures and reports, to be found again. */
export function documentRoutes(ports: HttpPorts, bodies: Bodies): (AnswerRoute | RawRoute)[] {
	return [uploadRoute(ports, bodies), listRoute(ports), ...oneRoutes(ports)];
}

const uploadQuery = z.strictObject({
	name: z.string().min(1).max(200).openapi({ description: 'One of the same name on the site is replaced' }),
	site: z.string().max(100).optional().openapi({ description: 'Of somebody with several' }),
});

function uploadRoute({ knowledge, auth }: HttpPorts, bodies: Bodies): RawRoute {
	return {
		...common,
		kind: 'raw',
		method: 'POST',
		path: '/api/v1/documents',
		access: 'plan',
		summary: 'Upload a document; it is found a moment later',
		input: { query: uploadQuery },
		accepts: {
			'text/markdown': 'Cut by its headings',
			'text/plain': 'Cut by its numbered headings and, at form feeds, by pages',
			'application/pdf': 'Its text by pages; a scan has none before its text was recognised (OCR)',
		},
		answers: {
			201: { detail: 'Kept', schema: documentSchema },
			400: { detail: 'It has no text, is broken or protected' },
			413: { detail: 'Larger than the limit' },
			415: { detail: 'Neither Markdown, text nor PDF' },
		},
		async handle({ principal, request, response, query }) {
			const { name, site: asked } = check(uploadQuery, onlyOnce(query), 'query');
			const site = siteOf(principal, asked);
			const type = typeOf(request.headers['content-type'] ?? '', name);
			const by = actorOf(await auth.resolve(request.headers), auth.from(request));
			const body = await bodies.use({ request, response }, (bytes) =>
				knowledge.documents.add({ site, name, type, bytes, by }),
			);
			sendDocument(response, { status: 201, type: 'application/json', body });
		},
	};
}

function siteOf(principal: Principal, asked: string | undefined): string {
	const site = asked ?? principal.writeSite;
	if (!maySee(principal, site))
		throw new Problem(403, `${principal.name} may not change the documents of site ${quote(site)}.`);
	return site;
}

const TYPES: Readonly<Record<string, DocumentType>> = {
	'text/markdown': 'markdown',
	'text/x-markdown': 'markdown',
	'text/plain': 'text',
	'application/pdf': 'pdf',
};
const ENDINGS: Readonly<Record<string, DocumentType>> = {
	md: 'markdown',
	markdown: 'markdown',
	txt: 'text',
	log: 'text',
	pdf: 'pdf',
};

/** By what it says it is; browsers do not know Markdown, so then by its name. */
function typeOf(contentType: string, name: string): DocumentType {
	const said = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
	const ending = ENDINGS[name.split('.').at(-1)?.toLowerCase() ?? ''];
	const type = said === 'text/plain' ? (ending ?? 'text') : (TYPES[said] ?? ending);
	if (type !== undefined) return type;
	throw new Problem(
		415,
		`${quote(name)} is neither Markdown, text nor PDF: say which by its content-type or its ending.`,
	);
}

function listRoute({ knowledge }: HttpPorts): AnswerRoute {
	return answer({
		...common,
		method: 'GET',
		path: '/api/v1/documents',
		access: 'read',
		summary: 'Documents, by name',
		input: { query: z.strictObject({ site: z.string().max(100).optional() }) },
		output: { schema: listOf(documentSchema, 'DocumentList') },
		async handle({ principal, query: { site } }) {
			const sites = site === undefined ? principal.sites : maySee(principal, site) ? [site] : [];
			return { body: { items: await knowledge.documents.list(sites), cursor: null } };
		},
	});
}

function oneRoutes({ knowledge, auth }: HttpPorts): AnswerRoute[] {
	const visible = async (principal: Principal, id: string): Promise<void> => {
		const document = await knowledge.documents.get(id);
		if (!document || !(maySee(principal, document.site) || maySee({ sites: principal.sees ?? [] }, document.site)))
			throw notFound('document');
		siteOf(principal, document.site);
	};
	const facts = { ...common, access: 'plan' } as const;
	return [
		answer({
			...facts,
			method: 'DELETE',
			path: '/api/v1/documents/{id}',
			summary: 'Remove a document; it is found no more at once',
			input: { params: idParameter },
			output: { status: 204, schema: z.undefined() },
			async handle({ principal, params, who, asking }) {
				await visible(principal, params.id);
				await knowledge.documents.remove(params.id, actorOf(who, auth.from(asking)));
				return { body: undefined };
			},
		}),
		answer({
			...facts,
			method: 'POST',
			path: '/api/v1/documents/{id}/again',
			summary: 'Cut a document and make it ready for search anew',
			input: { params: idParameter },
			output: { schema: documentSchema },
			async handle({ principal, params, who, asking }) {
				await visible(principal, params.id);
				const again = await knowledge.documents.again(params.id, actorOf(who, auth.from(asking)));
				if (again === undefined) throw notFound('document');
				return { body: again };
			},
		}),
	];
}
