/** Something that draws itself when it has been marked. */
export interface Drawable {
	draw(): void;
}

/** One animation frame for every chart of the page. */
export interface Scheduler {
	/** Draws in the next frame, once, however often it is marked until then. */
	mark(drawable: Drawable): void;
	/** Forgets it: it is gone from the page. */
	drop(drawable: Drawable): void;
	stop(): void;
}

export interface FrameClock {
	request(callback: () => void): number;
	cancel(handle: number): void;
	nowMs(): number;
}

/** A frame lasts 16 ms and the browser has its own work to do in it. */
const BUDGET_MS = 9;

/** What does not fit the budget of one frame is drawn in the next, oldest mark first. */
export function createScheduler(clock: FrameClock): Scheduler {
	const dirty = new Set<Drawable>();
	let handle: number | undefined;

	function run(): void {
		handle = undefined;
		const endMs = clock.nowMs() + BUDGET_MS;
		for (const drawable of dirty) {
			dirty.delete(drawable);
			drawable.draw();
			if (clock.nowMs() >= endMs) break;
		}
		if (dirty.size > 0) arm();
	}

	function arm(): void {
		handle ??= clock.request(run);
	}

	return {
		mark(drawable) {
			dirty.add(drawable);
			arm();
		},
		drop: (drawable) => void dirty.delete(drawable),
		stop() {
			dirty.clear();
			if (handle !== undefined) clock.cancel(handle);
			handle = undefined;
		},
	};
}
