import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';

/** Does something soon after it is wanted, but not more often than a rate. */
export interface Pacer {
	want(): void;
	stop(): void;
}

/**
 * Late by up to half an interval is not carried over: points that come every 100 ms leave at once every 100 ms, although
 * timers and networks are a little late each time. Over any stretch there are no more than it has intervals, and two, and
 * those ahead.
 *
 * @param options.ahead how many of the intervals to come may be used up before work has to wait for one
 */
export function createPacer(options: {
	readonly everyMs: number;
	readonly ahead?: number;
	readonly work: () => void;
	readonly now: NowMicros;
}): Pacer {
	const { everyMs, work } = options;
	const aheadMs = everyMs * (options.ahead ?? 0);
	const nowMs = () => options.now() / MICROS_PER_MS;
	let dueMs = 0;
	let pause: NodeJS.Timeout | undefined;
	let soon: NodeJS.Immediate | undefined;
	let wanted = false;

	function run(): void {
		soon = undefined;
		wanted = false;
		const at = nowMs();
		const inStep = dueMs <= at + aheadMs && dueMs > at - everyMs / 2;
		dueMs = (inStep ? dueMs : at) + everyMs;
		if (dueMs > at + aheadMs) pause = setTimeout(resume, dueMs - aheadMs - at);
		work();
	}

	function resume(): void {
		pause = undefined;
		if (wanted) run();
	}

	return {
		want() {
			wanted = true;
			if (pause === undefined) soon ??= setImmediate(run);
		},
		stop() {
			clearTimeout(pause);
			clearImmediate(soon);
		},
	};
}
