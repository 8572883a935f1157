import type { Journal } from '#server/journal/port.ts';

/** Counts the streams that each API key has made. Kept in the journal, so that a restart opens no new allowance. */
export interface Quota {
	/** @returns how many of `count` new streams the owner may make */
	take(owner: string, count: number): Promise<number>;
}

export function createQuota(journal: Pick<Journal, 'get' | 'put'>, perOwner: number): Quota {
	const made = new Map<string, number>();

	const load = async (owner: string) => {
		const stored = await journal.get(keyOf(owner));
		return stored === undefined ? 0 : Number(new TextDecoder().decode(stored.value));
	};

	return {
		async take(owner, count) {
			if (count === 0) return 0;
			const before = made.get(owner) ?? (await load(owner));
			const granted = Math.min(count, Math.max(0, perOwner - before));
			if (granted > 0) await journal.put(keyOf(owner), new TextEncoder().encode(String(before + granted)));
			made.set(owner, before + granted);
			return granted;
		},
	};
}

function keyOf(owner: string): string {
	return `ingest/streams-made/${owner}`;
}
