/** Server-sent events as our own server frames them: a name, a line of data, an empty line. */
export async function* eventsOf<Event extends { readonly type: string }>(
	body: ReadableStream<Uint8Array>,
): AsyncIterable<Event> {
	const decoder = new TextDecoder();
	const reader = body.getReader();
	let text = '';
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return;
		text += decoder.decode(value, { stream: true });
		const frames = text.split('\n\n');
		text = frames.pop() ?? '';
		for (const frame of frames) {
			const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
			if (type && data) yield { type, ...(JSON.parse(data) as object) } as Event;
		}
	}
}
