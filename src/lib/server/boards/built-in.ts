import { type Board, type BoardKind, boardSchema } from '#contracts/board.ts';

/** What there is without any file; a file of the same name takes its place. */
export function builtIns(): ReadonlyMap<string, { readonly kind: BoardKind; readonly board: Board }> {
	return new Map([
		['site', { kind: 'wall', board: boardSchema.parse(SITE_WALL) }],
		['assets', { kind: 'dashboard', board: boardSchema.parse(ASSET_DASHBOARD) }],
	]);
}

/** How everything stands, what is wrong, and the charts of what is worst: right for any site of any size. */
const SITE_WALL = {
	title: 'Site',
	tiles: [
		{ type: 'overview', level: 1, width: 9, height: 2 },
		{ type: 'clock', width: 3, height: 2 },
		{ type: 'violations', width: 5, height: 6 },
		{ type: 'chart', order: 'worst', most: 2, width: 7, height: 3 },
	],
};

const ASSET_DASHBOARD = {
	title: 'Assets',
	variables: { site: '*', asset: '*' },
	tiles: [
		{ type: 'overview', level: 2, site: '{site}', asset: '{asset}', width: 8, height: 2 },
		{ type: 'violations', site: '{site}', asset: '{asset}', width: 4, height: 2 },
		{ type: 'chart', site: '{site}', asset: '{asset}', most: 24, width: 4, height: 2 },
	],
};
