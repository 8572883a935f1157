/** Fields of documents that others wrote: what is not of the kind that was asked for is not there. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
	return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

/** A count or a time: finite and not negative. */
export function amountOf(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The sum of what is there; null when the first is not, because the others are parts of nothing then. */
export function sumOf(first: number | null, ...others: readonly (number | null)[]): number | null {
	return first === null ? null : others.reduce<number>((sum, one) => sum + (one ?? 0), first);
}
