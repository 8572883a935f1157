/** Takes the text of an answer as it comes and gives each sentence's object once it is whole. */
export interface SentenceReader {
	take(text: string): readonly unknown[];
	/** @throws SyntaxError when the whole is not the document that was asked for */
	end(): void;
}

/** An answer is some sentences, not a book. */
const MOST_CHARS = 8000;

/** The objects in the list `sentences` of a JSON document that is still being written. @throws SyntaxError for what is no JSON, or too long */
export function createSentenceReader(): SentenceReader {
	let all = '';
	let at = 0;
	let depth = 0;
	let start = -1;
	let isText = false;
	let isEscaped = false;

	function step(): unknown {
		const c = all[at]!;
		at++;
		if (isText) {
			if (isEscaped) isEscaped = false;
			else if (c === '\\') isEscaped = true;
			else if (c === '"') isText = false;
			return undefined;
		}
		if (c === '"') isText = true;
		if (c === '{' || c === '[') {
			depth++;
			// The document, its list, and then a sentence.
			if (c === '{' && depth === 3) start = at - 1;
		}
		if (c === '}' || c === ']') {
			depth--;
			if (c === '}' && depth === 2 && start >= 0) return JSON.parse(all.slice(start, at)) as unknown;
		}
		return undefined;
	}

	return {
		take(text) {
			all += text;
			if (all.length > MOST_CHARS) throw new SyntaxError('the answer is too long');
			const found: unknown[] = [];
			while (at < all.length) {
				const sentence = step();
				if (sentence !== undefined) found.push(sentence);
			}
			return found;
		},
		end() {
			const document = JSON.parse(all) as { sentences?: unknown };
			if (!Array.isArray(document.sentences) || Object.keys(document).length !== 1)
				throw new SyntaxError('the answer is not the document that was asked for');
		},
	};
}
