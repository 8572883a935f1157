import uPlot from 'uplot';
import { axisLabels, type NumberFormat } from '#lib/format/number.ts';
import { drawEnvelope, drawGaps, drawLimits, drawZones } from './backdrop.ts';
import { drawEdgeLabels, edgeRoom } from './edge-labels.ts';
import { drawPoints } from './marks.ts';
import type { Scene } from './scene.ts';
import type { Gutters } from './gutters.ts';
import { linePath } from './line-path.ts';
import { readPalette } from './palette.ts';
import type { Segment } from './segments.ts';
import type { Series } from './series.ts';
import { tickLabels, timeTicks } from './time-axis.ts';
import type { Range } from './view.ts';
import { shownExtent, steadyRange, type YRange } from './y-range.ts';
import { zoomPlugin, type ZoomEvents } from './zoom-plugin.ts';

/** Everything that a redraw needs. */
export interface ChartFrame {
	readonly series: Series;
	readonly segments: readonly Segment[];
	readonly range: Range | undefined;
	readonly format: NumberFormat;
	/** Expected milliseconds between points: three of them without one end the line. */
	readonly expectMs: number | undefined;
}

export interface ControlChartOptions extends ZoomEvents {
	readonly zones: 'zones' | 'plain';
	/** Charts of the same name share their crosshair. */
	readonly syncKey: string;
	/** Shared by charts that stand one below the other: their times have to line up. */
	readonly gutters: Gutters;
	/** The point under the crosshair, and where on the chart it is; undefined when there is none. */
	onPoint(index: number | undefined, at: { readonly left: number; readonly top: number }): void;
}

export interface ControlChart {
	render(frame: ChartFrame): void;
	/** The theme or the size of the type changed. */
	restyle(): void;
	resize(): void;
	/** Moves the crosshair to a point, or away. */
	point(index: number | undefined): void;
	destroy(): void;
}

const EMPTY: Series = {
	columns: {
		length: 0,
		tMs: new Float64Array(),
		v: new Float64Array(),
		signals: new Uint16Array(),
		flags: new Uint8Array(),
		quality: new Uint8Array(),
	},
	gaps: [],
	envelope: null,
};

/** A control chart in an element that has a size; uPlot does axes, crosshair and selection, the layers beside this file the rest. */
export function createControlChart(host: HTMLElement, options: ControlChartOptions): ControlChart {
	let frame: ChartFrame = { series: EMPTY, segments: [], range: undefined, format: String, expectMs: undefined };
	const gutters = options.gutters.join();
	let palette = readPalette(host);
	let yRange: YRange | undefined;
	let u = create();

	function scene(): Scene {
		const { series, segments, format } = frame;
		return { series, segments, format, palette, zones: options.zones };
	}

	function create(): uPlot {
		return new uPlot(
			{
				width: Math.max(1, host.clientWidth),
				height: Math.max(1, host.clientHeight),
				ms: 1,
				padding: [palette.remPx * 0.6, (self) => gutters.room('right', edgeRoom(self.ctx, scene())), 0, 0],
				legend: { show: false },
				scales: { x: { time: true, auto: false }, y: { auto: false } },
				series: [
					{},
					{
						stroke: () => palette.line,
						width: Math.max(1, palette.remPx / 16),
						points: { show: false },
						paths: (self) => ({ stroke: linePath(self, frame.series, frame), flags: 0 }),
					},
				],
				axes: [timeAxis(), valueAxis()],
				cursor: {
					sync: { key: options.syncKey, setSeries: false, scales: ['x', null] },
					drag: { x: true, y: false, setScale: false },
					points: { show: false },
					y: false,
				},
				plugins: [
					zoomPlugin(options),
					{
						hooks: {
							drawClear: [
								(self) => drawZones(self, scene()),
								(self) => drawGaps(self, scene()),
								(self) => drawLimits(self, scene()),
								(self) => drawEnvelope(self, scene()),
							],
							draw: [(self) => drawPoints(self, scene()), (self) => drawEdgeLabels(self, scene())],
							setCursor: tellPoint,
						},
					},
				],
			},
			[[], []],
			host,
		);
	}

	function timeAxis(): uPlot.Axis {
		return {
			...axisStyle(),
			size: palette.remPx * 2.6,
			grid: { stroke: palette.grid, width: 1 },
			splits: (self, _axis, min, max) => timeTicks(min, max, Math.floor(self.width / (palette.remPx * 6))),
			values: (_self, ticks) => tickLabels(ticks),
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
		return gutters.room('left', Math.ceil(widest + palette.remPx * 0.8));
	}

	function tellPoint(self: uPlot): void {
		const { idx, left = -1 } = self.cursor;
		const v = typeof idx === 'number' ? frame.series.columns.v[idx] : undefined;
		if (left < 0 || typeof idx !== 'number' || v === undefined || Number.isNaN(v))
			return options.onPoint(undefined, { left: 0, top: 0 });
		const box = { left: self.over.offsetLeft, top: self.over.offsetTop };
		const t = frame.series.columns.tMs[idx] ?? 0;
		options.onPoint(idx, { left: box.left + self.valToPos(t, 'x'), top: box.top + self.valToPos(v, 'y') });
	}

	return {
		render(next) {
			frame = next;
			const { columns } = next.series;
			u.batch(() => {
				u.setData([columns.tMs, columns.v], false);
				if (!next.range) return;
				yRange = steadyRange(shownExtent(next.series, next.segments, next.range), yRange, options.zones);
				u.setScale('x', { min: next.range.minMs, max: next.range.maxMs });
				u.setScale('y', { min: yRange[0], max: yRange[1] });
			});
		},
		restyle() {
			palette = readPalette(host);
			u.destroy();
			u = create();
			this.render(frame);
		},
		resize() {
			u.setSize({ width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) });
		},
		point(index) {
			const t = index === undefined ? undefined : frame.series.columns.tMs[index];
			const v = index === undefined ? undefined : frame.series.columns.v[index];
			if (t === undefined || v === undefined) u.setCursor({ left: -10, top: -10 });
			else u.setCursor({ left: u.valToPos(t, 'x'), top: u.valToPos(v, 'y') });
		},
		destroy() {
			gutters.leave();
			u.destroy();
		},
	};
}
