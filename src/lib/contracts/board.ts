import { z } from 'zod';
import { LANGUAGES } from './language.ts';
import { durationMs } from './duration.ts';
import { placeholdersOf, VARIABLES, type Variable } from './board-match.ts';
import { SITE_NAME } from './site.ts';

/** What a wall or dashboard may be called: it stands in addresses, and is the name of its file without `.yaml`. */
export const BOARD_NAME = /^[a-z0-9][a-z0-9-]{0,60}$/;

/** `walls/` fill a screen that nobody touches, `dashboards/` scroll; the same tiles make both. */
export type BoardKind = 'wall' | 'dashboard';

/** Lists longer than this are no screen that somebody reads. */
const MOST_TILES = 100;
const MOST_STREAMS = 96;

const text = z.string().min(1, 'is empty').max(200);
const columns = z.number().int().min(1).max(48);
const place = {
	title: text.optional(),
	/** Columns and rows of the grid that it takes; every type has its own default. */
	width: columns.optional(),
	height: z.number().int().min(1).max(24).optional(),
};
/** Which streams: all that fit everything given. `*` within a segment of the key, `**` anything. */
const which = {
	stream: text.optional(),
	site: text.optional(),
	asset: text.optional(),
	provider: text.optional(),
	labels: z.record(z.string(), z.string()).optional(),
};
/** One tile for each stream (or asset) found, so many at most. */
const several = {
	most: z.number().int().min(1).max(MOST_STREAMS).default(1),
	/** `worst`: what is wrong now comes first, so that one tile shows whatever is worst. */
	order: z.enum(['name', 'worst']).default('name'),
};
const severity = z.enum(['info', 'warning', 'critical']);

const tileSchema = z.discriminatedUnion(
	'type',
	[
		z.strictObject({
			type: z.literal('chart'),
			...place,
			...which,
			...several,
			/** The newest so many points are drawn. */
			points: z.number().int().min(20).max(2000).default(120),
		}),
		z.strictObject({ type: z.literal('number'), ...place, ...which, ...several }),
		z.strictObject({ type: z.literal('asset'), ...place, ...which, ...several }),
		z.strictObject({ type: z.literal('violations'), ...place, ...which, severity: severity.default('info') }),
		z.strictObject({
			type: z.literal('overview'),
			...place,
			...which,
			/** Of ISA-101: 1 counts of the whole, 2 every asset, 3 every stream. */
			level: z.union([z.literal(1), z.literal(2), z.literal(3)], { error: 'must be 1, 2 or 3' }).default(1),
		}),
		z.strictObject({ type: z.literal('clock'), ...place }),
	],
	{ error: 'must have a type: chart, number, asset, violations, overview or clock' },
);
export type Tile = z.output<typeof tileSchema>;

const variableSchema = z
	.union([text, z.strictObject({ default: text, options: z.array(text).min(1).max(200).optional() })])
	.transform((value) => (typeof value === 'string' ? { default: value } : value));
const variables = Object.fromEntries(VARIABLES.map((name) => [name, variableSchema.optional()])) as Record<
	Variable,
	z.ZodOptional<typeof variableSchema>
>;

const screenSchema = z.strictObject({
	/** Diagonal of the screen. */
	inches: z.number().min(5).max(500).default(55),
	/** How far away the crew stands that has to read it. */
	metres: z.number().min(0.3).max(100).default(5),
});

const pageSchema = z.strictObject({
	wall: z.string().regex(BOARD_NAME, 'must be the name of a file in walls/ or dashboards/, without .yaml'),
	for: durationMs.pipe(z.number().min(3_000, 'must be 3s at least').max(86_400_000, 'must be 1d at most')),
	/** In place of the defaults of that wall. */
	variables: z.partialRecord(z.enum(VARIABLES), text).default({}),
});

/** A file of `walls/` or `dashboards/`. */
export const boardSchema = z
	.strictObject({
		title: text.optional(),
		/** Only who may look at one of these is shown it; left out: everybody who may look at anything. */
		sites: z.array(z.string().regex(SITE_NAME, 'is no name of a site')).min(1).optional(),
		variables: z.strictObject(variables).default({}),
		columns: columns.default(12),
		tiles: z.array(tileSchema).min(1, 'has no tile').max(MOST_TILES).optional(),
		/** In place of tiles: other walls in turn. */
		playlist: z.array(pageSchema).min(1, 'has no wall').max(50).optional(),
		screen: screenSchema.default({ inches: 55, metres: 5 }),
		theme: z.enum(['dark', 'grey']).default('dark'),
		/** Of the words on it; without it as the browser of the screen asks for. */
		language: z.enum(LANGUAGES).optional(),
		/** From which severity on a violation that nobody has acknowledged is heard. */
		sound: z
			.union([z.literal('off'), severity], { error: 'must be off, info, warning or critical' })
			.default('warning'),
		/** Moves the picture by a few pixels a minute, so that nothing burns in. */
		pixelShift: z.boolean().default(true),
	})
	.superRefine((board, context) => {
		for (const { path, message } of faultsOf(board)) context.addIssue({ code: 'custom', path: [...path], message });
	});
export type Board = z.output<typeof boardSchema>;

interface Fault {
	readonly path: readonly PropertyKey[];
	readonly message: string;
}

function faultsOf({ tiles, playlist, columns, variables }: z.output<typeof boardSchema>): Fault[] {
	if (tiles && playlist) return [{ path: ['playlist'], message: 'stands beside tiles: a board has one of the two' }];
	if (!tiles && !playlist) return [{ path: [], message: 'has neither tiles nor a playlist' }];
	return (tiles ?? []).flatMap((tile, i) => [
		...(tile.width !== undefined && tile.width > columns
			? [
					{
						path: ['tiles', i, 'width'],
						message: `${tile.width} is wider than the board, which has ${columns} columns`,
					},
				]
			: []),
		...faultsOfText(tile, variables).map((fault) => ({ ...fault, path: ['tiles', i, ...fault.path] })),
	]);
}

/** A variable that nobody declared would look like a key with braces in it, and find nothing. */
function faultsOfText(tile: object, variables: Partial<Record<Variable, unknown>>): Fault[] {
	return Object.entries(tile).flatMap(([key, value]) => {
		if (typeof value !== 'string') return [];
		return placeholdersOf(value)
			.filter((name) => variables[name as Variable] === undefined)
			.map((name) => ({
				path: [key],
				message: (VARIABLES as readonly string[]).includes(name)
					? `{${name}} has no value: declare variables: { ${name}: … }`
					: `{${name}} is no variable; there are ${VARIABLES.map((one) => `{${one}}`).join(', ')}`,
			}));
	});
}

/** What one screenful shows; a playlist has several. */
export interface BoardPage {
	readonly name: string;
	/** With variables in braces, as tiles have them. */
	readonly title: string;
	readonly columns: number;
	readonly tiles: readonly Tile[];
	readonly variables: Board['variables'];
	/** How long it is shown in turn; null: for good. */
	readonly forMs: number | null;
}

/** `GET /api/v1/boards/{name}`. */
export interface ApiBoard {
	readonly name: string;
	readonly kind: BoardKind;
	readonly title: string;
	/** Changes whenever anything of it does. */
	readonly revision: string;
	/** Comes with the product: there is no file of this name. */
	readonly isBuiltIn: boolean;
	readonly screen: Board['screen'];
	readonly theme: Board['theme'];
	readonly language?: Board['language'];
	readonly sound: Board['sound'];
	readonly pixelShift: boolean;
	/** One, or those of the playlist that this reader may see. */
	readonly pages: readonly BoardPage[];
}

/** A row of `GET /api/v1/boards`. */
export type ApiBoardInfo = Pick<ApiBoard, 'name' | 'kind' | 'title' | 'isBuiltIn'>;

/** A row of `GET /api/v1/boards/files`. */
export interface ApiBoardFile {
	/** As it is named in faults: `walls/line-3.yaml`. */
	readonly file: string;
	readonly name: string;
	readonly kind: BoardKind;
	/** `old`: the file is wrong, and what it said before is shown. */
	readonly state: 'shown' | 'old' | 'refused';
	readonly faults: readonly { readonly line: number; readonly column: number; readonly message: string }[];
}
