import { createParser } from 'eventsource-parser';

/** The data of each server-sent event, in the order and with the arrival of its last byte. Comments are passed over. */
export async function* sseEvents(response: Response): AsyncGenerator<string> {
	let found: string[] = [];
	const parser = createParser({ onEvent: ({ data }) => void found.push(data) });
	for await (const text of textOf(response)) {
		parser.feed(text);
		const ready = found;
		found = [];
		yield* ready;
	}
	// A last event without an empty line after it is one that was cut off.
}

/** A line of a body at a time, without its end; an unfinished last line too, as NDJSON may have one. */
export async function* lines(response: Response): AsyncGenerator<string> {
	let rest = '';
	for await (const text of textOf(response)) {
		const parts = (rest + text).split('\n');
		rest = parts.pop() ?? '';
		for (const line of parts) if (line.trim() !== '') yield line;
	}
	if (rest.trim() !== '') yield rest;
}

/** One read for each arrival: nothing is read ahead. */
async function* textOf({ body }: Response): AsyncGenerator<string> {
	if (!body) return;
	const decoder = new TextDecoder();
	for await (const chunk of body) yield decoder.decode(chunk, { stream: true });
}
