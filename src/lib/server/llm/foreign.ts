import { amountOf } from '#lib/llm/field.ts';

/** What others wrote, as it may stand in a name or a label; what a name may not have is left out. */
export function cut(text: string, maxChars: number): string | undefined {
	const clean = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>"'`\\]/gu, '').trim();
	return clean === '' ? undefined : clean.slice(0, maxChars).trim();
}

/** A count that the store can hold; null for anything else. */
export function whole(value: unknown): number | null {
	const amount = amountOf(typeof value === 'bigint' ? Number(value) : value);
	return amount !== null && Number.isInteger(amount) && amount <= 4_294_967_295 ? amount : null;
}
