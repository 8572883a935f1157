import { onDestroy } from 'svelte';

/** Keeps the machine from going to sleep, where the browser may: over https, or on the machine itself. */
export interface Awake {
	readonly isAwake: boolean;
}

/** Lives as long as the component that makes it. */
export function createAwake(): Awake {
	let lock: WakeLockSentinel | undefined;
	let isAwake = $state(false);
	let stopped = false;

	/** The browser lets go of it whenever the page is not to be seen. */
	async function hold(): Promise<void> {
		if (document.hidden || !('wakeLock' in navigator)) return;
		try {
			const next = await navigator.wakeLock.request('screen');
			if (stopped) return void next.release();
			lock = next;
			isAwake = true;
			next.addEventListener('release', () => (isAwake = false), { once: true });
		} catch {
			// Refused, as on a machine that runs low on power: the wall says so and goes on.
			isAwake = false;
		}
	}

	const leaving = new AbortController();
	document.addEventListener('visibilitychange', () => void hold(), { signal: leaving.signal });
	void hold();
	onDestroy(() => {
		stopped = true;
		leaving.abort();
		void lock?.release();
	});
	return {
		get isAwake() {
			return isAwake;
		},
	};
}
