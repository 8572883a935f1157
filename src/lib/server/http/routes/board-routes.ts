import { z } from '@hono/zod-openapi';
import { VARIABLES } from '#contracts/board-match.ts';
import type { ApiBoard, ApiBoardFile, ApiBoardInfo } from '#contracts/board.ts';
import type { HttpPorts } from '#server/http/ports.ts';
import { notFound } from '#server/http/problem.ts';
import { answer, type AnswerRoute } from '#server/http/route.ts';

const kind = z.enum(['wall', 'dashboard']);
const info = {
	name: z.string(),
	kind,
	title: z.string(),
	isBuiltIn: z.boolean().openapi({ description: 'Comes with the product: there is no file of this name' }),
};
const infoSchema = z.strictObject(info).openapi('BoardInfo') satisfies z.ZodType<ApiBoardInfo>;
const variable = z.strictObject({ default: z.string(), options: z.array(z.string()).optional() }).optional();
const pageSchema = z.strictObject({
	name: z.string(),
	title: z.string(),
	columns: z.number().int(),
	tiles: z.array(z.looseObject({ type: z.string() })).openapi({ description: 'As in the file: docs/walls.md' }),
	variables: z.strictObject(Object.fromEntries(VARIABLES.map((name) => [name, variable]))),
	forMs: z.number().nullable().openapi({ description: 'How long it is shown in turn; null: for good' }),
});
const boardSchema = z
	.strictObject({
		...info,
		revision: z.string().openapi({ description: 'Changes whenever anything of it does' }),
		screen: z.strictObject({ inches: z.number(), metres: z.number() }),
		theme: z.enum(['dark', 'grey']),
		sound: z.enum(['off', 'info', 'warning', 'critical']),
		pixelShift: z.boolean(),
		pages: z.array(pageSchema),
	})
	.openapi('Board');
const fileSchema = z
	.strictObject({
		file: z.string(),
		name: z.string(),
		kind,
		state: z.enum(['shown', 'old', 'refused']).openapi({ description: 'old: wrong now, what it said before is shown' }),
		faults: z.array(z.strictObject({ line: z.number().int(), column: z.number().int(), message: z.string() })),
	})
	.openapi('BoardFile') satisfies z.ZodType<ApiBoardFile>;

/** Walls and dashboards. What a tile finds is for each reader to look for: among the streams of its own sites. */
export function boardRoutes({ boards }: HttpPorts): AnswerRoute[] {
	const common = { method: 'GET', tag: 'Boards' } as const;
	return [
		answer({
			...common,
			path: '/api/v1/boards',
			access: 'look',
			summary: 'Walls and dashboards that may be shown to you',
			output: { schema: z.strictObject({ items: z.array(infoSchema) }) },
			handle: ({ principal }) => ({ body: { items: boards.list(principal.sites) } }),
		}),
		answer({
			...common,
			path: '/api/v1/boards/files',
			access: 'read',
			everySite: true,
			summary: 'Files of walls and dashboards, and what is wrong with them',
			output: { schema: z.strictObject({ folder: z.string(), items: z.array(fileSchema) }) },
			handle: () => ({ body: { folder: boards.folder, items: boards.files() } }),
		}),
		answer({
			...common,
			path: '/api/v1/boards/{name}',
			access: 'look',
			summary: 'One of them: its tiles, and the variables that an address may set',
			input: { params: z.object({ name: z.string() }) },
			output: { schema: boardSchema },
			problems: { 404: 'There is none of this name for you' },
			handle({ principal, params }) {
				const found: ApiBoard | undefined = boards.get(params.name, principal.sites);
				if (!found) throw notFound('board');
				return { body: found };
			},
		}),
	];
}
