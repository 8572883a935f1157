import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { filled } from '#contracts/board-match.ts';
import type { ApiBoard, ApiBoardFile, ApiBoardInfo, Board, BoardKind, BoardPage } from '#contracts/board.ts';
import { covers } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import type { Env } from '../config/interpolate.ts';
import { builtIns } from './built-in.ts';
import type { Boards } from './port.ts';
import { type BoardFile, readBoards, signatureOf } from './read.ts';

const LOOK_EVERY_MS = 500;

interface Known {
	readonly name: string;
	readonly kind: BoardKind;
	readonly board: Board;
	readonly isBuiltIn: boolean;
}

/**
 * Reads walls and dashboards, and reads them again when they have changed. A file with a fault changes nothing: what it
 * said before is shown, and the faults are listed and logged.
 *
 * Looks at sizes and times as the configuration does: editors replace files, and network folders send no events.
 */
export function createBoards(options: {
	/** That of the configuration file. */
	readonly folder: string;
	readonly env: Env;
	readonly log: Logger;
}): Boards & { start(): void; stop(): void } {
	const { folder, env, log } = options;
	const fromProduct: readonly Known[] = [...builtIns()].map(([name, own]) => ({ name, ...own, isBuiltIn: true }));
	let files: readonly BoardFile[] = [];
	let known: ReadonlyMap<string, Known> = new Map(fromProduct.map((one) => [one.name, one]));
	let signature = '';
	let timer: NodeJS.Timeout | undefined;

	function read(): void {
		files = readBoards(folder, env);
		known = new Map([...fromProduct, ...files.flatMap(stillKnown)].map((one) => [one.name, one]));
		for (const { file, faults } of files)
			for (const { line, column, message } of faults) log.error(`${file}:${line}:${column} ${message}`);
	}

	/** What is wrong now was right before, unless its name is another's. */
	function stillKnown({ name, kind, board }: BoardFile): Known[] {
		if (board) return [{ name, kind, board, isBuiltIn: false }];
		const before = known.get(name);
		return before && !before.isBuiltIn && before.kind === kind ? [before] : [];
	}

	function look(): void {
		const now = signatureOf(folder);
		if (now === signature) return;
		signature = now;
		read();
	}

	return {
		folder,
		start() {
			look();
			timer = setInterval(look, LOOK_EVERY_MS);
		},
		stop: () => clearInterval(timer),
		list: (sites) =>
			[...known.values()]
				.filter(({ board }) => isFor(board, sites))
				.map(infoOf)
				.sort((a, b) => (a.name < b.name ? -1 : 1)),
		get(name, sites) {
			const found = known.get(name);
			return found && isFor(found.board, sites) ? toApi(found, pagesOf(found, known, sites)) : undefined;
		},
		files: () => files.map((file) => toApiFile(file, known.get(file.name))),
	};
}

function isFor({ sites: only }: Board, sites: Sites): boolean {
	return only === undefined || only.some((site) => covers(sites, site));
}

function infoOf({ name, kind, board, isBuiltIn }: Known): ApiBoardInfo {
	const values = Object.fromEntries(Object.entries(board.variables).map(([key, one]) => [key, one?.default]));
	return { name, kind, title: filled(board.title ?? name, values), isBuiltIn };
}

function pagesOf({ name, board }: Known, known: ReadonlyMap<string, Known>, sites: Sites): BoardPage[] {
	if (!board.playlist) return [toPage(name, board, { forMs: null, variables: {} })];
	return board.playlist.flatMap(({ wall, for: forMs, variables }) => {
		const page = known.get(wall);
		return page && isFor(page.board, sites) ? [toPage(wall, page.board, { forMs, variables })] : [];
	});
}

function toPage(
	name: string,
	{ title, columns, tiles = [], variables }: Board,
	turn: { readonly forMs: number | null; readonly variables: NonNullable<Board['playlist']>[number]['variables'] },
): BoardPage {
	const given = Object.entries(turn.variables).map(([variable, value]) => [variable, { default: value }]);
	return {
		name,
		title: title ?? name,
		columns,
		tiles,
		variables: { ...variables, ...(Object.fromEntries(given) as Board['variables']) },
		forMs: turn.forMs,
	};
}

function toApi(known: Known, pages: readonly BoardPage[]): ApiBoard {
	const { screen, theme, language, sound, pixelShift } = known.board;
	const shown = { ...infoOf(known), screen, theme, ...(language && { language }), sound, pixelShift, pages };
	return { ...shown, revision: createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 16) };
}

function toApiFile({ file, name, kind, board, faults }: BoardFile, known: Known | undefined): ApiBoardFile {
	const isOld = known !== undefined && !known.isBuiltIn && known.kind === kind;
	return { file, name, kind, state: board ? 'shown' : isOld ? 'old' : 'refused', faults };
}
