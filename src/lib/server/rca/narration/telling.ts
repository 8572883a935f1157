import type { ApiNarration } from '#contracts/analysis.ts';
import type { NarrationStep } from '../port.ts';
import type { Sentence } from './check.ts';

/** A narration while it is told, to as many as listen; whoever comes later hears it from the beginning. */
export interface Telling {
	sentence(sentence: Sentence): void;
	/** What was told so far does not hold. */
	forget(): void;
	tell(narration: ApiNarration): void;
	give(reason: string): void;
	/** Ends with the narration, or when `signal` aborts. */
	steps(signal: AbortSignal): AsyncIterable<NarrationStep>;
	readonly ended: Promise<void>;
}

export function createTelling(): Telling {
	const steps: NarrationStep[] = [];
	const ended = Promise.withResolvers<void>();
	let isOver = false;
	let changed = Promise.withResolvers<void>();

	function add(step: NarrationStep): void {
		steps.push(step);
		changed.resolve();
		changed = Promise.withResolvers<void>();
	}
	function end(step: NarrationStep): void {
		isOver = true;
		add(step);
		ended.resolve();
	}

	return {
		ended: ended.promise,
		sentence: ({ text, evidence }) => add({ type: 'sentence', text: text.trim(), citations: evidence }),
		forget: () =>
			steps.some(({ type }) => type === 'sentence') && add({ type: 'none', reason: 'what was told does not hold' }),
		tell: (narration) => end({ type: 'told', narration }),
		give: (reason) => end({ type: 'none', reason }),
		async *steps(signal) {
			const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
			for (let at = 0; !signal.aborted;) {
				while (at < steps.length) yield steps[at++]!;
				if (isOver) return;
				await Promise.race([changed.promise, gone]);
			}
		},
	};
}
