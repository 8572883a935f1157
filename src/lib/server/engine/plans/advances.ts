import type { EngineChange } from '#server/engine/port.ts';

/** Where the engine is, and who is told when it gets further. */
export interface Advances {
	position(): number;
	tell(change: EngineChange): void;
	on(listener: (change: EngineChange) => void): () => void;
	/** Resolves once the position is this one or a later one. */
	reached(seq: number): Promise<void>;
}

export function createAdvances(): Advances {
	const listeners = new Set<(change: EngineChange) => void>();
	let waiting: { readonly seq: number; readonly resolve: () => void }[] = [];
	let position = 0;
	return {
		position: () => position,
		tell(change) {
			position = change.seq;
			for (const listener of listeners) listener(change);
			const reached = waiting.filter(({ seq }) => seq <= position);
			waiting = waiting.filter(({ seq }) => seq > position);
			for (const { resolve } of reached) resolve();
		},
		on(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async reached(seq) {
			if (position < seq) await new Promise<void>((resolve) => waiting.push({ seq, resolve }));
		},
	};
}
