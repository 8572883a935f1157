import type { Chart } from '#contracts/chart.ts';
import type { Range } from '#lib/chart/view.ts';
import type { Api } from '#lib/live/api.ts';
import { atHand, fetched, painted, type Inspected } from './stream-values.ts';
import type { StreamView } from './stream-view-port.ts';

/** A point of one chart. */
export interface Chosen {
	readonly chart: Chart;
	readonly tMs: number;
}

/** What is being looked at more closely: a stretch, or one point; never both. */
export interface Inspection {
	readonly selection: Range | undefined;
	readonly chosen: Chosen | undefined;
	readonly found: Inspected | undefined;
	/** Why there is nothing yet. */
	readonly status: 'none' | 'loading' | 'too-many' | 'ready' | 'fault';
	/** A remark or a reason that is being typed. */
	readonly asking: 'comment' | 'exclude' | undefined;
	select(range: Range): void;
	/** Moves one end of the stretch; the other one stays, or is the end of the picture. */
	setEnd(end: 'from' | 'to', tMs: number): void;
	choose(chart: Chart, tMs: number): void;
	ask(what: 'comment' | 'exclude' | undefined): void;
	/** @returns false when nothing was open */
	close(): boolean;
}

export function createInspection(api: Api, stream: string, view: StreamView): Inspection {
	let selection = $state.raw<Range | undefined>();
	let chosen = $state.raw<Chosen | undefined>();
	let found = $state.raw<Inspected | undefined>();
	let status = $state<Inspection['status']>('none');
	let asking = $state<Inspection['asking']>();
	let abort = new AbortController();

	function open(range: Range | undefined, point: Chosen | undefined): void {
		abort.abort();
		abort = new AbortController();
		[selection, chosen, found, asking] = [range, point, undefined, undefined];
		status = range ? 'loading' : 'none';
		if (range) void inspect(range, abort.signal);
	}

	async function inspect(range: Range, signal: AbortSignal): Promise<void> {
		// The picture answers first: what is chosen is seen before it is counted.
		await painted();
		if (signal.aborted) return;
		try {
			const answer = view.bucketMs === 0 ? atHand(view, range) : await fetched({ api, stream, view }, range, signal);
			if (signal.aborted) return;
			found = answer;
			status = answer ? 'ready' : 'too-many';
		} catch (error) {
			if (!(error instanceof DOMException)) status = 'fault';
		}
	}

	return {
		get selection() {
			return selection;
		},
		get chosen() {
			return chosen;
		},
		get found() {
			return found;
		},
		get status() {
			return status;
		},
		get asking() {
			return asking;
		},
		select: (range) => open(range, undefined),
		setEnd(end, tMs) {
			const shown = selection ?? view.range();
			if (!shown) return;
			const next = end === 'from' ? { minMs: tMs, maxMs: shown.maxMs } : { minMs: shown.minMs, maxMs: tMs };
			open({ minMs: Math.min(next.minMs, next.maxMs), maxMs: Math.max(next.minMs, next.maxMs) }, undefined);
		},
		choose: (chart, tMs) => open(undefined, { chart, tMs }),
		ask: (what) => (asking = what),
		close() {
			const wasOpen = selection !== undefined || chosen !== undefined;
			if (asking !== undefined) asking = undefined;
			else open(undefined, undefined);
			return wasOpen;
		},
	};
}
