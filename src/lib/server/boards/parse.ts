import { type Board, boardSchema } from '#contracts/board.ts';
import { OWN_WORDS } from '#contracts/issue-words.ts';
import { readDocument } from '../config/document.ts';
import type { Env } from '../config/interpolate.ts';
import { type ConfigFault, faultsOfIssue } from '../config/issues.ts';
import { keysAt } from '../config/schema-keys.ts';
import type { Path } from '../config/positions.ts';

export interface BoardFault {
	readonly line: number;
	readonly column: number;
	readonly message: string;
}

export interface ParsedBoard {
	/** undefined when there are faults. */
	readonly board: Board | undefined;
	/** In the order of the file. */
	readonly faults: readonly BoardFault[];
	/** Where the names of a playlist stand. */
	readonly pageAt: (nth: number) => { readonly line: number; readonly column: number };
}

/** A file of `walls/` or `dashboards/`, every fault at once, in the words of the configuration file. */
export function parseBoard(text: string, env: Env): ParsedBoard {
	const document = readDocument(text, env);
	const pageAt = (nth: number) => placeOf(document.positions.of(['playlist', nth, 'wall']));
	if (document.faults.length > 0) return { board: undefined, faults: sorted(document.faults), pageAt };
	const result = boardSchema.safeParse(document.value ?? {}, OWN_WORDS);
	if (result.success) return { board: result.data, faults: [], pageAt };
	const context = { ...document, keysAt: (path: Path) => keysAt(boardSchema, path) };
	return {
		board: undefined,
		faults: sorted(result.error.issues.flatMap((issue) => faultsOfIssue(issue, context))),
		pageAt,
	};
}

function sorted(faults: readonly ConfigFault[]): BoardFault[] {
	return faults
		.map(({ position, path, message }) => ({
			...placeOf(position),
			message: path === '' ? message : `${path}: ${message}`,
		}))
		.sort((a, b) => a.line - b.line || a.column - b.column);
}

function placeOf(position: string): { line: number; column: number } {
	const [line = 1, column = 1] = position.split(':').map(Number);
	return { line, column };
}
