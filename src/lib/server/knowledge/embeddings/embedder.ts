/** Turns texts into vectors whose directions are near where meanings are near. */
export interface Embedder {
	/** Of vectors of one name only are directions comparable. */
	readonly model: string;
	/** As many vectors as texts, each of the same length. @throws Error when it cannot, without a secret in its message */
	embed(texts: readonly string[], options: { readonly timeoutMs: number }): Promise<readonly (readonly number[])[]>;
}

/** @throws Error unless they are what was asked for: something else would be compared silently with the rest */
export function checkVectors(vectors: readonly (readonly number[])[], texts: readonly string[]): typeof vectors {
	const dimension = vectors[0]?.length ?? 0;
	const sound = (vector: readonly number[]) => vector.length === dimension && vector.every(Number.isFinite);
	if (vectors.length === texts.length && dimension > 0 && vectors.every(sound)) return vectors;
	throw new Error(
		`the answer has ${vectors.length} vectors of ${dimension} numbers to ${texts.length} texts, or odd ones`,
	);
}
