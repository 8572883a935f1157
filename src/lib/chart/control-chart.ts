import uPlot from 'uplot';
import { axisLabels, type NumberFormat } from '#lib/format/number.ts';
import { drawGaps, drawLimits, drawZones } from './backdrop.ts';
import type { Clock } from './clock.ts';
import { createCrosshair, type Crosshair, type End } from './crosshair.ts';
import { drawBaselines, drawEdgeLabels, drawPhaseLabels, edgeRoom } from './edge-labels.ts';
import { drawEnvelope } from './envelope.ts';
import { gapAt } from './gap-walk.ts';
import { gestures, type GestureEvents } from './gestures.ts';
import type { Gutters } from './gutters.ts';
import { traceLine } from './line-path.ts';
import { drawMarks } from './marks.ts';
import { indexAt, remarksAt, type Overlay } from './overlay.ts';
import { drawEvents, drawNotes, drawSelection } from './overlay-marks.ts';
import { createPacer, type Look } from './pace.ts';
import { readPalette } from './palette.ts';
import { drawPoints } from './point-marks.ts';
import { drawChosen, drawRead } from './read-mark.ts';
import { gapReadout, readoutOf, type Readout } from './readout.ts';
import { clipped, inView, placeOf, type Scene } from './scene.ts';
import type { Segment } from './segments.ts';
import type { Series } from './series.ts';
import { tickLabels, timeTicks } from './time-axis.ts';
import type { Range } from './view.ts';
import { shownExtent, steadyRange, type YRange } from './y-range.ts';

/** Everything that a redraw needs. */
export interface ChartFrame {
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly range: Range | undefined;
	readonly format: NumberFormat;
	readonly unit: string;
	readonly clock: Clock;
	/** Expected milliseconds between points: three of them without one end the line. */
	readonly expectMs: number | undefined;
	readonly overlay?: Overlay;
}

export interface ControlChartOptions extends GestureEvents {
	readonly zones: 'zones' | 'plain';
	/** Of charts one below the other only the last one says the time. Read anew at each `restyle`. */
	readonly timeAxis: 'labelled' | 'bare';
	/** Charts of the same name share their crosshair. */
	readonly syncKey: string;
	/** Shared by charts that stand one below the other: their times have to line up. */
	readonly gutters: Gutters;
	/** Shared by the same charts; default its own. */
	readonly crosshair?: Crosshair;
	/** To be rendered again, in the next frame: another point is read. */
	onChange(): void;
	/** What is under the crosshair; undefined when it is nowhere. */
	onRead(readout: Readout | undefined): void;
	/** A point was clicked. */
	onChoose?(tMs: number): void;
}

export interface ControlChart {
	render(frame: ChartFrame): void;
	/** The theme, the size of the type or the time axis changed. */
	restyle(): void;
	resize(): void;
	/** Moves the crosshair by so many points, from the edge of the view when it is nowhere. */
	step(points: number): void;
	/** Moves the crosshair to the first or last point in view, or away. */
	go(to: 'first' | 'last' | 'away'): void;
	/** Moves the crosshair to the next point in view with a signal, or the one before. */
	seek(direction: 1 | -1): void;
	/** The moment that is read; undefined when the crosshair is nowhere. */
	readMs(): number | undefined;
	destroy(): void;
}

/** The crosshair reads a point from so far away. */
const REACH_REM = 2;
/** Where uPlot takes a crosshair for gone. */
const AWAY_PX = -10;

/** A control chart in an element that has a size; uPlot does axes and crosshair, the layers beside this file the rest. */
export function createControlChart(host: HTMLElement, options: ControlChartOptions): ControlChart {
	let frame: (ChartFrame & { readonly range: Range }) | undefined;
	// Not at once: the other chart is in the middle of its own layout.
	const gutters = options.gutters.join(() => queueMicrotask(() => u.root.isConnected && u.redraw(false, true)));
	const crosshair = (options.crosshair ?? createCrosshair()).join(() => place(crosshair.heldMs()));
	let palette = readPalette(host);
	let yRange: YRange | undefined;
	let marked: number | undefined;
	let hops = new Path2D();
	const pacer = createPacer(draw, {
		nowMs: () => performance.now(),
		after(delayMs, callback) {
			const timer = setTimeout(callback, delayMs);
			return () => clearTimeout(timer);
		},
	});
	let u = create();

	/** Only what is drawn is read: the crosshair counts the points of the picture. */
	function draw(next: ChartFrame & { readonly range: Range }): void {
		frame = next;
		const { series, segments, range } = next;
		const heldMs = crosshair.heldMs();
		if (heldMs !== undefined && marked !== undefined) marked = indexAt(series, heldMs);
		u.batch(() => {
			u.setData([series.columns.tMs, series.columns.v], false);
			yRange = steadyRange(shownExtent(series, segments, range), yRange, options.zones);
			u.setScale('x', { min: range.minMs, max: range.maxMs });
			u.setScale('y', { min: yRange[0], max: yRange[1] });
		});
		settle(range);
	}

	/** The picture moved below the crosshair, or says something else of the same point. */
	function settle(range: Range): void {
		const end = crosshair.aimAt(range);
		if (end) return goTo(end);
		const heldMs = crosshair.heldMs();
		if (heldMs !== undefined) return place(heldMs);
		const { left = AWAY_PX, top = AWAY_PX } = u.cursor;
		if (left >= 0) u.setCursor({ left, top });
	}

	function lookOf({ series, segments, range, clock, unit, overlay }: ChartFrame & { readonly range: Range }): Look {
		const { columns } = series;
		let newest = columns.length - 1;
		while (newest >= 0 && columns.signals[newest] === 0) newest--;
		const signalMs = columns.tMs[newest] ?? -Infinity;
		return {
			...range,
			widthPx: u.bbox.width,
			signalMs,
			parts: [segments, clock, unit, marked, overlay, series.excluded],
		};
	}

	function scene(): Scene | undefined {
		return frame && { ...frame, palette, zones: options.zones, marked };
	}

	function layer(draw: (u: uPlot, scene: Scene) => void): (self: uPlot) => void {
		return (self) => {
			const now = scene();
			if (now) draw(self, now);
		};
	}

	function create(): uPlot {
		return new uPlot(
			{
				width: Math.max(1, host.clientWidth),
				height: Math.max(1, host.clientHeight),
				ms: 1,
				padding: [palette.remPx * 0.6, (self) => gutters.room('right', rightRoom(self)), 0, 0],
				legend: { show: false },
				scales: { x: { time: true, auto: false }, y: { auto: false } },
				series: [
					{},
					{
						stroke: () => palette.line,
						width: Math.max(1, palette.remPx / 16),
						points: { show: false },
						paths: (self) => ({ stroke: linePath(self), flags: 0 }),
					},
				],
				axes: [timeAxis(), valueAxis()],
				cursor: {
					sync: { key: options.syncKey, setSeries: false, scales: ['x', null] },
					drag: { x: false, y: false, setScale: false },
					bind: { dblclick: () => null, mousemove: ifPointed, mouseleave: ifPointed },
					points: { show: false },
					y: false,
				},
				plugins: [
					gestures({ ...options, ...(options.onChoose && { onClick: choose }) }),
					{
						hooks: {
							drawClear: [drawZones, drawSelection, drawGaps, drawLimits, drawEvents, drawEnvelope].map(layer),
							draw: [
								drawHops,
								...[
									drawPoints,
									drawBaselines,
									drawMarks,
									drawPhaseLabels,
									drawNotes,
									drawChosen,
									drawRead,
									drawEdgeLabels,
								].map(layer),
							],
							setCursor: read,
						},
					},
				],
			},
			[[], []],
			host,
		);
	}

	function ifPointed(_self: uPlot, _target: HTMLElement, handle: (event: MouseEvent) => null) {
		return (event: MouseEvent) => (crosshair.pointer(event) ? handle(event) : null);
	}

	function rightRoom(self: uPlot): number {
		const now = scene();
		return now ? edgeRoom(self.ctx, now) : 0;
	}

	function linePath(self: uPlot): Path2D {
		const path = new Path2D();
		hops = new Path2D();
		if (!frame) return path;
		const [from, to] = inView(self, frame.series);
		const sink = {
			moveTo: (x: number, y: number) => path.moveTo(x, y),
			lineTo: (x: number, y: number) => path.lineTo(x, y),
			lone: (x: number, y: number) => path.rect(x - devicePixelRatio, y, 2 * devicePixelRatio, 0),
			hop: (fromX: number, fromY: number, toX: number, toY: number) => {
				hops.moveTo(fromX, fromY);
				hops.lineTo(toX, toY);
			},
		};
		traceLine(frame.series, { from, to, place: placeOf(self), expectMs: frame.expectMs }, sink);
		return path;
	}

	/** Where much more time passed between neighbours than usual the line is only hinted at. */
	function drawHops(self: uPlot): void {
		clipped(self, (context) => {
			context.strokeStyle = palette.line;
			context.globalAlpha = 0.5;
			context.lineWidth = devicePixelRatio;
			context.setLineDash([2 * devicePixelRatio, 5 * devicePixelRatio]);
			context.stroke(hops);
		});
	}

	function timeAxis(): uPlot.Axis {
		const labelled = options.timeAxis === 'labelled';
		const most = (self: uPlot) => Math.floor(self.width / (palette.remPx * 6));
		return {
			...axisStyle(),
			size: palette.remPx * (labelled ? 2.6 : 0.5),
			grid: { stroke: palette.grid, width: 1 },
			splits: (self, _axis, min, max) => (frame ? timeTicks(min, max, most(self), frame.clock) : []),
			values: (_self, ticks) => (labelled && frame ? tickLabels(ticks, frame.clock) : ticks.map(() => '')),
		};
	}

	function valueAxis(): uPlot.Axis {
		return {
			...axisStyle(),
			size: (self, values) => axisWidth(self, values),
			space: palette.remPx * 2.2,
			grid: { show: false },
			values: (_self, ticks) => axisLabels(ticks),
		};
	}

	function axisStyle() {
		return {
			stroke: palette.inkSoft,
			// uPlot reads whole pixels only.
			font: `${Math.round(palette.remPx * 0.75)}px ${palette.family}`,
			lineGap: 1.35,
			gap: palette.remPx * 0.35,
			ticks: { show: false },
		};
	}

	function axisWidth(self: uPlot, values: readonly string[] | null): number {
		self.ctx.save();
		self.ctx.font = `${palette.remPx * 0.75}px ${palette.family}`;
		const widest = Math.max(0, ...(values ?? []).map((value) => self.ctx.measureText(value).width));
		self.ctx.restore();
		// A date below the left edge is not cut: half of one would be another date.
		return gutters.room('left', Math.ceil(Math.max(widest + palette.remPx * 0.8, palette.remPx * 2.3)));
	}

	/** Every move of the crosshair ends here, whoever moved it. */
	function read(self: uPlot): void {
		const { idx, left = -1 } = self.cursor;
		const gap = frame && left >= 0 ? gapAt(frame.series.gaps, self.posToVal(left, 'x')) : undefined;
		const next = left < 0 || gap || typeof idx !== 'number' || !isNear(self, idx, left) ? undefined : idx;
		if (next !== marked) {
			marked = next;
			options.onChange();
		}
		if (!frame) return;
		const source = { ...frame, zones: options.zones };
		options.onRead(gap ? gapReadout(gap, frame.clock) : next === undefined ? undefined : remarked(source, next, self));
	}

	function remarked(source: Parameters<typeof readoutOf>[0], index: number, self: uPlot): Readout | undefined {
		const readout = readoutOf(source, index);
		const t = source.series.columns.tMs[index] ?? NaN;
		if (!readout || !frame?.overlay) return readout;
		const reachMs = Math.abs(msPerPx(self)) * palette.remPx * 0.4;
		return { ...readout, remarks: [...readout.remarks, ...remarksAt(frame.overlay, t, reachMs)] };
	}

	function choose(atMs: number): void {
		const index = frame && indexAt(frame.series, atMs);
		if (index === undefined || !isNear(u, index, u.valToPos(atMs, 'x'))) return;
		options.onChoose?.(frame?.series.columns.tMs[index] ?? NaN);
	}

	/** The nearest point in time may be far from the pointer: then nothing is here. */
	function isNear(self: uPlot, index: number, left: number): boolean {
		const t = frame?.series.columns.tMs[index] ?? NaN;
		const half = (frame?.series.buckets?.widthMs ?? 0) / 2;
		return Math.abs(self.posToVal(left, 'x') - t) <= half + REACH_REM * palette.remPx * msPerPx(self);
	}

	function msPerPx(self: uPlot): number {
		return self.posToVal(1, 'x') - self.posToVal(0, 'x');
	}

	function point(index: number): void {
		const t = frame?.series.columns.tMs[index];
		if (t === undefined) return;
		crosshair.hold(t);
		place(t);
	}

	/** @param tMs undefined, or a moment out of view: the crosshair is nowhere */
	function place(tMs: number | undefined): void {
		const isShown = frame && tMs !== undefined && tMs >= frame.range.minMs && tMs <= frame.range.maxMs;
		const [left, top] = isShown ? [u.valToPos(tMs, 'x'), u.over.clientHeight / 2] : [AWAY_PX, AWAY_PX];
		u.setCursor({ left, top });
	}

	function goTo(end: End): void {
		const [first, last] = shown();
		if (last >= first) point(end === 'first' ? first : last);
		crosshair.aim(end, frame?.range);
	}

	/** The points in view, without the neighbours. */
	function shown(): readonly [first: number, last: number] {
		if (!frame) return [0, -1];
		const { tMs } = frame.series.columns;
		let [from, to] = inView(u, frame.series);
		while (from < to && (tMs[from] ?? 0) < frame.range.minMs) from++;
		while (to > from && (tMs[to - 1] ?? 0) > frame.range.maxMs) to--;
		return [from, to - 1];
	}

	return {
		render(next) {
			if (!next.range) return;
			const whole = { ...next, range: next.range };
			pacer.offer(whole, lookOf(whole));
		},
		restyle() {
			palette = readPalette(host);
			gutters.forget();
			const { left = AWAY_PX, top = AWAY_PX } = u.cursor;
			u.destroy();
			u = create();
			if (!frame) return;
			draw(frame);
			if (crosshair.heldMs() === undefined) u.setCursor({ left, top });
		},
		resize() {
			u.setSize({ width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) });
		},
		step(points) {
			const [first, last] = shown();
			const next = (marked ?? (points < 0 ? last + 1 : first - 1)) + points;
			point(Math.min(last, Math.max(first, next)));
		},
		go(to) {
			if (to !== 'away') return goTo(to);
			crosshair.hold(undefined);
			place(undefined);
		},
		seek(direction) {
			const [first, last] = shown();
			const { signals } = frame?.series.columns ?? { signals: new Uint16Array(0) };
			for (
				let i = (marked ?? (direction < 0 ? last + 1 : first - 1)) + direction;
				i >= first && i <= last;
				i += direction
			)
				if ((signals[i] ?? 0) !== 0) return point(i);
		},
		readMs: () => (marked === undefined ? undefined : frame?.series.columns.tMs[marked]),
		destroy() {
			pacer.stop();
			gutters.leave();
			crosshair.leave();
			u.destroy();
		},
	};
}
