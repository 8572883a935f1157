/** Looks for the text of `"model"` at the top of a JSON document as it passes, whatever its length. */
export interface ModelFinder {
	take(chunk: Uint8Array): void;
	/** undefined: not there, not yet, or no text. */
	model(): string | undefined;
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY] = [0x7b, 0x5b, 0x7d, 0x5d];
const MAX_TEXT_BYTES = 300;

/**
 * A scanner and no parser: a prompt may have megabytes, and of all of it only one name is wanted. It keeps a depth, whether it is
 * inside a string, and the string that stands at depth one.
 */
export function createModelFinder(): ModelFinder {
	let depth = 0;
	let inString = false;
	let escaped = false;
	let isKey = true;
	let key = '';
	let model: string | undefined;
	let kept: number[] = [];

	function ended(): void {
		inString = false;
		if (depth !== 1) return;
		const text = textOf(kept);
		if (isKey) key = text;
		else if (key === 'model' && text !== '') model = text;
	}

	function inside(byte: number): void {
		if (escaped) escaped = false;
		else if (byte === BACKSLASH) escaped = true;
		else if (byte === QUOTE) return ended();
		if (depth === 1 && kept.length <= MAX_TEXT_BYTES) kept.push(byte);
	}

	function outside(byte: number): void {
		switch (byte) {
			case QUOTE:
				inString = true;
				kept = [];
				return;
			case OPEN_OBJECT:
			case OPEN_ARRAY:
				depth++;
				if (depth === 1) isKey = byte === OPEN_OBJECT;
				return;
			case CLOSE_OBJECT:
			case CLOSE_ARRAY:
				depth--;
				return;
			case COLON:
				if (depth === 1) isKey = false;
				return;
			case COMMA:
				if (depth === 1) [isKey, key] = [true, ''];
		}
	}

	return {
		take(chunk) {
			if (model !== undefined) return;
			for (let i = 0; i < chunk.length; i++) {
				if (inString && depth > 1 && !escaped) {
					// Deep text is most of a prompt: from quote to quote in one go.
					const next = endOfText(chunk, i);
					if (next === -1) return void (escaped = endsEscaped(chunk, i));
					i = next;
					inString = false;
				} else if (inString) inside(chunk[i]!);
				else outside(chunk[i]!);
			}
		},
		model: () => model,
	};
}

/** @returns where the quote is that ends the text; -1 when it is not here */
function endOfText(chunk: Uint8Array, from: number): number {
	for (let at = chunk.indexOf(QUOTE, from); at >= 0; at = chunk.indexOf(QUOTE, at + 1))
		if (backslashesBefore(chunk, at, from) % 2 === 0) return at;
	return -1;
}

function endsEscaped(chunk: Uint8Array, from: number): boolean {
	return backslashesBefore(chunk, chunk.length, from) % 2 === 1;
}

function backslashesBefore(chunk: Uint8Array, at: number, from: number): number {
	let count = 0;
	while (at - count - 1 >= from && chunk[at - count - 1] === BACKSLASH) count++;
	return count;
}

function textOf(bytes: readonly number[]): string {
	if (bytes.length > MAX_TEXT_BYTES) return '';
	try {
		return JSON.parse(`"${new TextDecoder().decode(Uint8Array.from(bytes))}"`) as string;
	} catch {
		return '';
	}
}
