import { analyzeImr } from './i-mr.ts';
import type { Answer } from './answer.ts';
import { parseDocument } from './document.ts';

/**
 * One SPC analysis: the document of `sigmascope analyze` in, its answer out. Pure; same rules as live streams.
 *
 * @param input the parsed JSON document, of unknown shape
 * @throws DocumentError with the path of everything that is wrong with it
 */
export function analyze(input: unknown): Answer {
	return analyzeImr(parseDocument(input));
}
