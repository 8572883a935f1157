import type { Chart } from '#contracts/chart.ts';
import { LEADING } from '#contracts/charted.ts';
import { createRing, type Columns, type Ring, type RingPoint } from './ring.ts';

/** How much of a stream somebody on this page wants to see. */
export interface RingNeed {
	/** Points kept per chart. */
	readonly points: number;
	readonly charts: readonly Chart[];
}

/** The rings of all streams in view, by stream and chart. Outside any reactivity: charts ask when they draw. */
export interface Rings {
	columns(stream: string, chart: Chart): Columns;
	revision(stream: string, chart: Chart): number;
	/** The chart that a stream is read by now: of those with its newest point the plainest. */
	lead(stream: string): Chart;
	/** Only these streams from now on; what exists and still fits stays until its snapshot begins. */
	expect(needs: ReadonlyMap<string, RingNeed>): void;
	push(stream: string, chart: Chart, point: RingPoint): void;
	/** The next point of each of these streams is the first of a snapshot and empties the ring that it is for. */
	beginSnapshot(streams: readonly string[]): void;
	clear(): void;
}

const NOTHING = createRing(1).columns();

/** Room for what comes in while a chart stands on a window of its own. */
const SLACK = 1.25;

export function createRings(): Rings {
	let needs: ReadonlyMap<string, RingNeed> = new Map();
	let rings = new Map<string, Ring>();
	const stale = new Set<string>();
	const leads = new Map<string, { chart: Chart; tMs: number }>();

	const keyOf = (stream: string, chart: Chart) => `${chart} ${stream}`;

	function ringFor(stream: string, chart: Chart): Ring | undefined {
		const need = needs.get(stream);
		if (!need?.charts.includes(chart)) return undefined;
		const key = keyOf(stream, chart);
		let ring = rings.get(key);
		if (!ring) rings.set(key, (ring = createRing(Math.ceil(need.points * SLACK))));
		if (stale.delete(key)) ring.clear();
		return ring;
	}

	function follow(stream: string, chart: Chart, tMs: number): void {
		const rank = LEADING.indexOf(chart);
		if (rank < 0) return;
		const known = leads.get(stream);
		if (!known) leads.set(stream, { chart, tMs });
		else if (tMs > known.tMs || (tMs === known.tMs && rank < LEADING.indexOf(known.chart))) {
			known.chart = chart;
			known.tMs = tMs;
		}
	}

	return {
		columns: (stream, chart) => rings.get(keyOf(stream, chart))?.columns() ?? NOTHING,
		revision: (stream, chart) => rings.get(keyOf(stream, chart))?.revision() ?? -1,
		expect(next) {
			const kept = new Map<string, Ring>();
			for (const [stream, need] of next)
				for (const chart of need.charts) {
					const ring = rings.get(keyOf(stream, chart));
					if (ring && ring.capacity === Math.ceil(need.points * SLACK)) kept.set(keyOf(stream, chart), ring);
				}
			needs = next;
			rings = kept;
		},
		lead: (stream) => leads.get(stream)?.chart ?? 'i',
		push(stream, chart, point) {
			const ring = ringFor(stream, chart);
			if (!ring) return;
			ring.push(point);
			follow(stream, chart, point.tMs);
		},
		beginSnapshot(streams) {
			for (const stream of streams)
				for (const chart of needs.get(stream)?.charts ?? []) stale.add(keyOf(stream, chart));
		},
		clear() {
			rings.forEach((ring) => ring.clear());
			leads.clear();
		},
	};
}
