/* eslint-disable no-restricted-imports -- for tests only: no part of the library imports this */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Published examples with published answers; they lie beside the checkout and are not part of it. */
const FOLDER = join(import.meta.dirname, '../../../shared/data/truth');

export interface Truth {
	readonly data: Readonly<Record<string, unknown>>;
	readonly published: Readonly<Record<string, { readonly value: number; readonly tol: number }>>;
	readonly published_flags?: Readonly<Record<string, readonly number[]>>;
	readonly [other: string]: unknown;
}

/** The examples that are there; `missing` names what is not, for the title of a skipped test. */
export function truthFile(name: string): { truth: Truth | undefined; missing: string } {
	const path = join(FOLDER, `${name}.json`);
	const truth = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Truth) : undefined;
	return { truth, missing: truth ? '' : ` (skipped: ${relative(process.cwd(), path)} is not there)` };
}
