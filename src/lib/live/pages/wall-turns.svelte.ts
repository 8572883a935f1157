import { onDestroy } from 'svelte';

/** Which page of a playlist is shown. */
export interface Turns {
	readonly at: number;
	readonly count: number;
	/** Somebody leafs through; the time of the page begins anew. */
	by(pages: number): void;
}

/** Lives as long as the component that makes it. One page, or pages without a time, stay. */
export function createTurns(
	pages: () => readonly { readonly page: { readonly name: string; readonly forMs: number | null } }[],
): Turns {
	let chosen = $state(0);
	/** As text and number: streams that come and go change nothing here. */
	const count = $derived(pages().length);
	const at = $derived(count === 0 ? 0 : chosen % count);
	const forMs = $derived(count > 1 ? (pages()[at]?.page.forMs ?? null) : null);
	let timer: ReturnType<typeof setTimeout> | undefined;

	$effect(() => {
		void at;
		if (forMs !== null) timer = setTimeout(() => (chosen = (at + 1) % count), forMs);
		return () => clearTimeout(timer);
	});
	onDestroy(() => clearTimeout(timer));

	return {
		get at() {
			return at;
		},
		get count() {
			return count;
		},
		by(step) {
			chosen = (at + step + count) % Math.max(1, count);
		},
	};
}
