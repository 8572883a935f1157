import {
	filled,
	matcherOf,
	providerOf,
	VARIABLES,
	type Values,
	type Variable,
	type Which,
} from '#contracts/board-match.ts';
import type { BoardPage, Tile } from '#contracts/board.ts';
import type { Labels, StreamKind } from '#contracts/stream.ts';

/** What is needed of a stream to find its tile. */
export interface Findable {
	readonly id: string;
	readonly key: string;
	readonly site: string;
	readonly asset: string;
	readonly kind: StreamKind;
	readonly labels: Labels;
}

/** A tile with what it shows. */
export interface Placed<T> {
	/** The same as long as it is the same tile, whatever it shows. */
	readonly id: string;
	readonly tile: Tile;
	readonly width: number;
	readonly height: number;
	/** What the file says, with variables put in; empty: the tile finds a name itself. */
	readonly title: string;
	readonly streams: readonly T[];
	/** Those that it may come to show, too: what is worst has to be known of all. */
	readonly watched: readonly T[];
	/** What was looked for, where nothing was found. */
	readonly wanted: string;
}

const COLUMNS = 12;
const SIZES: Readonly<Record<Tile['type'], readonly [width: number, height: number]>> = {
	chart: [4, 3],
	number: [3, 2],
	asset: [3, 2],
	violations: [4, 4],
	overview: [6, 2],
	clock: [3, 2],
};
const collator = new Intl.Collator('en', { numeric: true });

/** Longer, or with more stars, a value of an address is no name that somebody gave. */
const VALUE = /^[^*]{0,100}(\*{1,2}[^*]{0,100}){0,2}$/u;

/** @returns a value for each variable that the page has: that of the address, else the page's own */
export function valuesOf({ variables }: Pick<BoardPage, 'variables'>, parameters: URLSearchParams): Values {
	const values: Partial<Record<Variable, string>> = {};
	for (const name of VARIABLES) {
		const own = variables[name]?.default;
		if (own === undefined) continue;
		const given = parameters.get(name);
		values[name] = given !== null && given !== '' && VALUE.test(given) ? given : own;
	}
	return values;
}

/** @returns what a variable may be: what the file allows, else what the streams have */
export function optionsOf(
	name: Variable,
	{ variables }: Pick<BoardPage, 'variables'>,
	streams: readonly Findable[],
): string[] {
	const allowed = variables[name]?.options;
	if (allowed) return [...allowed];
	const found = new Set(streams.map((stream) => (name === 'provider' ? providerOf(stream) : stream[name])));
	return [...found].filter((one) => one !== undefined).sort(collator.compare);
}

/**
 * The tiles of a page with the streams that each shows. They stand where they stand: only streams that come or go
 * change which tiles there are.
 *
 * @param rankOf the worse, the less; asked only by tiles that show what is worst
 */
export function placeTiles<T extends Findable>(
	page: BoardPage,
	{ values, streams, rankOf }: { readonly values: Values; readonly streams: readonly T[]; rankOf(stream: T): number },
): readonly Placed<T>[] {
	return page.tiles.flatMap((tile, i) => {
		const found = tile.type === 'clock' ? [] : streams.filter(matcherOf(tile, values));
		const isWorst = 'order' in tile && tile.order === 'worst';
		const make = (id: string, shown: readonly T[]) =>
			placed({ tile, page, values, id, streams: shown, watched: isWorst ? found : shown });
		if (!('most' in tile)) return [make(`${i}`, sortedByKey(found))];
		const groups = tile.type === 'asset' ? byAsset(found) : sortedByKey(found).map((one) => [one]);
		const worstOf = (group: readonly T[]) => Math.min(...group.map(rankOf));
		const ordered = isWorst ? groups.toSorted((a, b) => worstOf(a) - worstOf(b)) : groups;
		const shown = ordered.slice(0, tile.most);
		if (shown.length === 0) return [make(`${i}`, [])];
		// What is worst changes: the tile stays, and shows another one.
		return shown.map((group, nth) => make(isWorst ? `${i}/${nth}` : `${i}/${group[0]?.id}`, group));
	});
}

function placed<T extends Findable>({
	tile,
	page,
	values,
	...what
}: {
	readonly tile: Tile;
	readonly page: BoardPage;
	readonly values: Values;
	readonly id: string;
	readonly streams: readonly T[];
	readonly watched: readonly T[];
}): Placed<T> {
	const [width, height] = SIZES[tile.type];
	const usual = Math.max(1, Math.round((width * page.columns) / COLUMNS));
	return {
		...what,
		tile,
		width: Math.min(page.columns, tile.width ?? usual),
		height: tile.height ?? height,
		title: filled(tile.title ?? '', values),
		wanted: tile.type === 'clock' ? '' : wantedWords(tile, values),
	};
}

function wantedWords({ stream, site, asset, provider, labels }: Which, values: Values): string {
	const texts = Object.entries({ stream, site, asset, provider }).flatMap(([name, text]) =>
		text === undefined ? [] : [`${name} ${filled(text, values)}`],
	);
	return [...texts, ...Object.entries(labels ?? {}).map((pair) => pair.join(' = '))].join(', ');
}

function sortedByKey<T extends Findable>(streams: readonly T[]): T[] {
	return streams.toSorted((a, b) => collator.compare(a.site, b.site) || collator.compare(a.key, b.key));
}

function byAsset<T extends Findable>(streams: readonly T[]): T[][] {
	return [...Map.groupBy(sortedByKey(streams), ({ site, asset }) => `${site}\n${asset}`)]
		.toSorted(([a], [b]) => collator.compare(a, b))
		.map(([, group]) => group);
}
