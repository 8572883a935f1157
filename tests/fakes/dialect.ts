/** What an answer says at its end; a provider's own way of counting is the dialect's business. */
export interface FakeUsage {
	/** All of the input, with what the cache gave and took. */
	readonly input: number;
	readonly cached: number;
	readonly cacheWrite: number;
	/** All of the output, with the reasoning. */
	readonly output: number;
	readonly reasoning: number;
}

/** How one provider's API says things on the wire, byte by byte as its documentation has it. */
export interface Dialect {
	/** Of the requests that it answers. */
	readonly path: RegExp;
	readonly contentType: string;
	/** Before the first token: what makes the first event come earlier than the first token. */
	head(model: string): Uint8Array[];
	token(text: string): Uint8Array;
	/** Terminal marker and usage. */
	tail(usage: FakeUsage, finish: 'stop' | 'filtered'): Uint8Array[];
	/** Overloaded, in the middle of an answer. */
	error(): Uint8Array;
	/** The document of a refusal. */
	refusal(status: number): string;
}

export function text(content: string): Uint8Array {
	return new TextEncoder().encode(content);
}

export function sse(data: unknown, event?: string): Uint8Array {
	const name = event === undefined ? '' : `event: ${event}\n`;
	return text(`${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

export function ndjson(line: unknown): Uint8Array {
	return text(`${JSON.stringify(line)}\n`);
}
