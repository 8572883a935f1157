import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Board, BOARD_NAME, type BoardKind } from '#contracts/board.ts';
import { messageOf } from '#contracts/error.ts';
import { hintFor } from '#contracts/suggest.ts';
import type { Env } from '../config/interpolate.ts';
import { builtIns } from './built-in.ts';
import { type BoardFault, type ParsedBoard, parseBoard } from './parse.ts';

/** One file as it is now. */
export interface BoardFile {
	/** Below the folder of the configuration: `walls/line-3.yaml`. */
	readonly file: string;
	readonly name: string;
	readonly kind: BoardKind;
	/** undefined when something is wrong with it. */
	readonly board: Board | undefined;
	readonly faults: readonly BoardFault[];
}

const FOLDERS: readonly (readonly [folder: string, kind: BoardKind])[] = [
	['dashboards', 'dashboard'],
	['walls', 'wall'],
];
const MOST_BYTES = 256 * 1024;

/** What the files of both folders are now: changes whenever one of them does. */
export function signatureOf(folder: string): string {
	return listed(folder)
		.map(({ file }) => {
			const found = statSync(join(folder, file), { throwIfNoEntry: false });
			return `${file} ${found?.mtimeMs} ${found?.size}`;
		})
		.join('\n');
}

/** Every file of both folders, by name; a folder that is not there has none. */
export function readBoards(folder: string, env: Env): readonly BoardFile[] {
	const files = listed(folder).map((entry) => ({ ...entry, parsed: parseFile(join(folder, entry.file), env) }));
	const known = [...new Set([...files.map(({ name }) => name), ...builtIns().keys()])];
	return files.map(({ file, name, kind, parsed }) => {
		const faults = [
			...parsed.faults,
			...faultsOfName(name),
			...faultsOfTwin(files, { file, name }),
			...faultsOfPlaylist(parsed, known, files),
		];
		return { file, name, kind, board: faults.length === 0 ? parsed.board : undefined, faults };
	});
}

function listed(folder: string): { file: string; name: string; kind: BoardKind }[] {
	return FOLDERS.flatMap(([inside, kind]) =>
		entriesOf(join(folder, inside))
			.filter((entry) => /\.ya?ml$/.test(entry))
			.sort()
			.map((entry) => ({ file: `${inside}/${entry}`, name: entry.replace(/\.ya?ml$/, ''), kind })),
	);
}

function entriesOf(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function parseFile(path: string, env: Env): ParsedBoard {
	const wrong = (message: string): ParsedBoard => ({
		board: undefined,
		faults: [{ line: 1, column: 1, message }],
		pageAt: () => ({ line: 1, column: 1 }),
	});
	try {
		const { size } = statSync(path);
		if (size > MOST_BYTES) return wrong(`has ${size} bytes; ${MOST_BYTES} are allowed`);
		return parseBoard(readFileSync(path, 'utf8'), env);
	} catch (error) {
		return wrong(`cannot be read: ${messageOf(error)}`);
	}
}

function faultsOfName(name: string): BoardFault[] {
	if (BOARD_NAME.test(name)) return [];
	const message = 'its name stands in addresses: rename the file to lower-case letters, digits and dashes';
	return [{ line: 1, column: 1, message }];
}

function faultsOfTwin(
	files: readonly { readonly file: string; readonly name: string }[],
	{ file, name }: { readonly file: string; readonly name: string },
): BoardFault[] {
	const first = files.find((other) => other.name === name);
	if (first === undefined || first.file === file) return [];
	return [{ line: 1, column: 1, message: `${first.file} has this name already: rename one of the two` }];
}

function faultsOfPlaylist(
	{ board, pageAt }: ParsedBoard,
	known: readonly string[],
	files: readonly { readonly name: string; readonly parsed: ParsedBoard }[],
): BoardFault[] {
	return (board?.playlist ?? []).flatMap(({ wall }, i) => {
		const path = `playlist[${i}].wall`;
		if (!known.includes(wall))
			return [{ ...pageAt(i), message: `${path}: there is no board "${wall}"; ${hintFor(wall, known)}` }];
		const isList = files.some(({ name, parsed }) => name === wall && parsed.board?.playlist !== undefined);
		return isList ? [{ ...pageAt(i), message: `${path}: "${wall}" is a playlist itself: name its walls here` }] : [];
	});
}
