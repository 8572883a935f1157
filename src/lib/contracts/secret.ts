import { RetriableError, messageOf } from './error.ts';

const REDACTED = '[redacted]';
const FILE = 'file:';
const KEPT = 'secret:';

/** A secret that shows itself only to who asks for it: logs, JSON and error texts get `[redacted]`. */
export interface Secret {
	/**
	 * Reads a file each time, so that a rotated secret takes effect.
	 *
	 * @throws RetriableError, naming the file and never what is in it, when it cannot be read or is empty
	 */
	reveal(): string;
	toString(): string;
	toJSON(): string;
}

/**
 * A value of the configuration: `file:/run/secrets/x` is read when it is needed, `secret:NAME` is one that was entered on a
 * page (where there are such), anything else is the secret itself.
 *
 * @param readFile throws what `fs.readFileSync` throws
 * @param kept throws RetriableError when there is none of that name
 */
export function createSecret(
	text: string,
	readFile: (path: string) => string,
	kept?: (name: string) => string,
): Secret {
	if (kept && text.startsWith(KEPT)) return new Hidden(() => kept(text.slice(KEPT.length)));
	return text.startsWith(FILE)
		? new Hidden(() => readSecret(text.slice(FILE.length), readFile))
		: new Hidden(() => text);
}

/** One line end goes: editors and `echo` leave it. */
function readSecret(path: string, readFile: (path: string) => string): string {
	const text = contentOf(path, readFile).replace(/\r?\n$/, '');
	if (text === '') throw new RetriableError(`cannot use secret "${path}": the file is empty`);
	return text;
}

function contentOf(path: string, readFile: (path: string) => string): string {
	try {
		return readFile(path);
	} catch (error) {
		throw new RetriableError(`cannot read secret "${path}": ${messageOf(error)}`);
	}
}

/** A private field: what walks over properties (a log, a comparison, `structuredClone`) finds none. */
class Hidden implements Secret {
	readonly #reveal: () => string;
	constructor(reveal: () => string) {
		this.#reveal = reveal;
	}
	reveal(): string {
		return this.#reveal();
	}
	toString(): string {
		return REDACTED;
	}
	toJSON(): string {
		return REDACTED;
	}
	/** `util.inspect`, which contracts cannot import: they also run in a browser. */
	[Symbol.for('nodejs.util.inspect.custom')](): string {
		return REDACTED;
	}
}
