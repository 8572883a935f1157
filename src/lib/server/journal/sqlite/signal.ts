/** Tells everybody who waits that there is more to look at. */
export interface Signal {
	raise(): void;
	/** No more will come: nobody waits any longer. */
	end(): void;
	/** @throws what it was failed with */
	ended(): boolean;
	/** No more can come, and whoever asks gets to know why. */
	fail(error: Error): void;
	/** Resolves at the next raise, at the end, or when the waiter gives up. */
	wait(signal: AbortSignal): Promise<void>;
}

export function createSignal(): Signal {
	const waiting = new Set<() => void>();
	let over = false;
	let failure: Error | undefined;

	function raise(): void {
		for (const wake of [...waiting]) wake();
	}

	return {
		raise,
		end() {
			over = true;
			raise();
		},
		ended() {
			if (failure) throw failure;
			return over;
		},
		fail(error) {
			if (over) return;
			over = true;
			failure = error;
			raise();
		},
		wait: (signal) =>
			new Promise((resolve) => {
				if (over || signal.aborted) return resolve();
				const wake = () => {
					waiting.delete(wake);
					signal.removeEventListener('abort', wake);
					resolve();
				};
				waiting.add(wake);
				signal.addEventListener('abort', wake);
			}),
	};
}
