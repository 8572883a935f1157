import { restoreCapture, type Capture } from '../capture.ts';
import { createEvaluator, type Evaluator } from '../evaluator.ts';

/** What a journal would hold of the captures so far. */
export function createKept() {
	const streams = new Map<number, Uint8Array>();
	let header: Uint8Array | undefined;
	return {
		put(capture: Capture) {
			header = capture.header;
			for (const { streamId, bytes } of capture.streams) streams.set(streamId, bytes);
		},
		restored(): { evaluator: Evaluator; position: number } {
			const evaluator = createEvaluator();
			const position = header === undefined ? 0 : restoreCapture(evaluator.state, header, [...streams.values()]);
			return { evaluator, position };
		},
	};
}
