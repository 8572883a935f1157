import uPlot from 'uplot';
import { axisLabels } from '#lib/format/number.ts';
import type { Clock } from './clock.ts';
import type { EventMark } from './overlay.ts';
import { readPalette } from './palette.ts';
import { tickLabels, timeTicks } from './time-axis.ts';
import type { Range } from './view.ts';

export interface ExploreLine {
	/** null: the line breaks; undefined: it runs on. */
	readonly values: ArrayLike<number | null | undefined>;
	readonly colour: string;
	/** Lengths of dash and gap in pixels; empty: a whole line. */
	readonly dash: readonly number[];
	readonly width: number;
}

export interface ExplorePicture {
	readonly range: Range;
	readonly tMs: ArrayLike<number>;
	readonly lines: readonly ExploreLine[];
	/** Filled between two of the columns. */
	readonly fills: readonly {
		readonly from: ArrayLike<number>;
		readonly to: ArrayLike<number>;
		readonly colour: string;
	}[];
	/** Each in force from a time on. */
	readonly limits: readonly {
		readonly fromMs: number;
		readonly centre: number;
		readonly lcl: number;
		readonly ucl: number;
	}[];
	/** What a rule completed at, and its mark. */
	readonly signals: readonly { readonly tMs: number; readonly v: number; readonly mark: string }[];
	/** What happened beside the measurements. */
	readonly events?: readonly EventMark[];
	readonly clock: Clock;
}

export interface ExploreChart {
	render(picture: ExplorePicture): void;
	resize(): void;
	/** The theme or the size of the type changed. */
	restyle(): void;
	destroy(): void;
}

export interface ExploreChartOptions {
	/** Charts of one name share their crosshair. */
	readonly syncKey: string;
	readonly onZoom: (range: Range) => void;
	/** The time under the crosshair. */
	readonly onCursor: (tMs: number | undefined) => void;
}

/** Closer than this a drag was a click. */
const LEAST_DRAG_PX = 8;
const SIGNAL_REM = 0.3;
const ROOM = 0.06;

/** Lines of any streams on one time axis: uPlot does axes, crosshair and zoom. */
export function createExploreChart(host: HTMLElement, options: ExploreChartOptions): ExploreChart {
	let picture: ExplorePicture | undefined;
	let palette = readPalette(host);
	let shape = '';
	let u: uPlot | undefined;

	function shapeOf({ lines, fills }: ExplorePicture): string {
		return JSON.stringify([
			lines.map(({ colour, dash, width }) => [colour, dash, width]),
			fills.map(({ colour }) => colour),
		]);
	}

	function columnsOf({ tMs, lines, fills }: ExplorePicture): uPlot.AlignedData {
		const columns = [tMs, ...lines.map(({ values }) => values), ...fills.flatMap(({ to, from }) => [to, from])];
		return columns as unknown as uPlot.AlignedData;
	}

	function create(now: ExplorePicture): uPlot {
		const hidden = { width: 0, points: { show: false } };
		const first = now.lines.length + 1;
		return new uPlot(
			{
				width: Math.max(1, host.clientWidth),
				height: Math.max(1, host.clientHeight),
				ms: 1,
				padding: [palette.remPx * 0.5, palette.remPx * 0.75, 0, 0],
				legend: { show: false },
				scales: { x: { time: true, auto: false }, y: { auto: false } },
				series: [
					{},
					...now.lines.map(({ colour, dash, width }) => ({
						stroke: colour,
						width,
						...(dash.length > 0 ? { dash: [...dash] } : {}),
						spanGaps: false,
						points: { show: false },
					})),
					...now.fills.flatMap(() => [hidden, hidden]),
				],
				bands: now.fills.map(({ colour }, i) => ({ series: [first + 2 * i, first + 2 * i + 1], fill: colour })),
				axes: [timeAxis(), valueAxis()],
				cursor: {
					sync: { key: options.syncKey, setSeries: false, scales: ['x', null] },
					drag: { x: true, y: false, setScale: false },
					points: { show: now.lines.length <= 1 },
					y: false,
				},
				hooks: {
					drawClear: [drawEvents, drawLimits],
					draw: [drawSignals],
					setSelect: [selected],
					setCursor: [
						(self) => {
							const { left = -1 } = self.cursor;
							options.onCursor(left < 0 ? undefined : self.posToVal(left, 'x'));
						},
					],
				},
			},
			columnsOf(now),
			host,
		);
	}

	function timeAxis(): uPlot.Axis {
		const most = (self: uPlot) => Math.floor(self.width / (palette.remPx * 6.5));
		return {
			...axisStyle(),
			size: palette.remPx * 2.6,
			grid: { stroke: palette.grid, width: 1 },
			splits: (self, _axis, min, max) => (picture ? timeTicks(min, max, most(self), picture.clock) : []),
			values: (_self, ticks) => (picture ? tickLabels(ticks, picture.clock) : []),
		};
	}

	function valueAxis(): uPlot.Axis {
		return {
			...axisStyle(),
			size: palette.remPx * 4,
			space: palette.remPx * 2,
			grid: { stroke: palette.grid, width: 1 },
			values: (_self, ticks) => axisLabels(ticks),
		};
	}

	function axisStyle() {
		return {
			stroke: palette.inkSoft,
			font: `${Math.round(palette.remPx * 0.75)}px ${palette.family}`,
			lineGap: 1.35,
			gap: palette.remPx * 0.35,
			ticks: { show: false },
		};
	}

	function selected(self: uPlot): void {
		const { left, width } = self.select;
		if (width < LEAST_DRAG_PX) return;
		const range = { minMs: self.posToVal(left, 'x'), maxMs: self.posToVal(left + width, 'x') };
		self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
		options.onZoom(range);
	}

	/** As on the page of a stream: a line where one began, a shade for as long as it lasted, its title while there is room. */
	function drawEvents(self: uPlot): void {
		const { ctx, bbox } = self;
		const { top, left, width, height } = bbox;
		const px = (rem: number) => rem * palette.remPx * devicePixelRatio;
		ctx.save();
		ctx.beginPath();
		ctx.rect(left, top, width, height);
		ctx.clip();
		ctx.fillStyle = palette.inkSoft;
		ctx.font = `500 ${px(0.7)}px ${palette.family}`;
		ctx.textBaseline = 'bottom';
		let free = left;
		for (const { fromMs, toMs, title, isInForce } of picture?.events ?? []) {
			const x = self.valToPos(fromMs, 'x', true);
			const end = toMs === Infinity ? left + width : self.valToPos(toMs, 'x', true);
			if (end < left || x > left + width) continue;
			ctx.globalAlpha = 0.7;
			ctx.fillRect(x, top, px(1 / 16), height);
			ctx.fillRect(x, top + height - px(0.2), end - x, px(0.2));
			ctx.globalAlpha = 0.14;
			if (!isInForce) ctx.fillRect(x, top, end - x, height);
			ctx.globalAlpha = 1;
			const from = Math.max(x, left) + px(0.25);
			const room = ctx.measureText(title).width;
			if (from < free || from + room > left + width) continue;
			ctx.fillText(title, from, top + height - px(0.35));
			free = from + room + px(0.8);
		}
		ctx.restore();
	}

	function drawLimits(self: uPlot): void {
		if (!picture) return;
		const { limits, range } = picture;
		const { ctx, bbox } = self;
		ctx.save();
		ctx.beginPath();
		ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
		ctx.clip();
		for (const [i, own] of limits.entries()) {
			const from = self.valToPos(Math.max(own.fromMs, range.minMs), 'x', true);
			const to = self.valToPos(limits[i + 1]?.fromMs ?? range.maxMs, 'x', true);
			if (to < bbox.left) continue;
			for (const [v, dash] of [
				[own.centre, []],
				[own.lcl, [6, 4]],
				[own.ucl, [6, 4]],
			] as const) {
				ctx.strokeStyle = v === own.centre ? palette.centre : palette.limit;
				ctx.lineWidth = devicePixelRatio;
				ctx.setLineDash(dash.map((px) => px * devicePixelRatio));
				ctx.beginPath();
				ctx.moveTo(from, self.valToPos(v, 'y', true));
				ctx.lineTo(to, self.valToPos(v, 'y', true));
				ctx.stroke();
			}
		}
		ctx.restore();
	}

	function drawSignals(self: uPlot): void {
		if (!picture) return;
		const { ctx, bbox } = self;
		const size = SIGNAL_REM * palette.remPx * devicePixelRatio;
		ctx.save();
		ctx.fillStyle = palette.abnormal;
		ctx.font = `600 ${Math.round(palette.remPx * 0.7 * devicePixelRatio)}px ${palette.family}`;
		ctx.textAlign = 'center';
		let lastX = -Infinity;
		for (const { tMs, v, mark } of picture.signals) {
			const x = self.valToPos(tMs, 'x', true);
			const y = self.valToPos(v, 'y', true);
			if (x < bbox.left || x > bbox.left + bbox.width) continue;
			ctx.beginPath();
			ctx.moveTo(x, y - size);
			ctx.lineTo(x + size, y);
			ctx.lineTo(x, y + size);
			ctx.lineTo(x - size, y);
			ctx.fill();
			if (x - lastX > 3 * size) ctx.fillText(mark, x, Math.max(bbox.top + 3 * size, y - 1.6 * size));
			lastX = x;
		}
		ctx.restore();
	}

	function scaleOf({ lines, fills, limits }: ExplorePicture): readonly [number, number] {
		let [min, max] = [Infinity, -Infinity];
		const see = (v: number) => {
			if (v < min) min = v;
			if (v > max) max = v;
		};
		for (const { values } of lines) for (let i = 0; i < values.length; i++) see(values[i] ?? NaN);
		for (const { from, to } of fills)
			for (const column of [from, to]) for (let i = 0; i < column.length; i++) see(column[i] ?? NaN);
		for (const { lcl, ucl } of limits) for (const v of [lcl, ucl]) see(v);
		if (min > max) return [0, 1];
		const room = (max - min || Math.abs(max) || 1) * ROOM;
		return [min - room, max + room];
	}

	function draw(next: ExplorePicture): void {
		picture = next;
		const wanted = shapeOf(next);
		if (!u || wanted !== shape) {
			u?.destroy();
			shape = wanted;
			u = create(next);
		}
		const now = u;
		const [min, max] = scaleOf(next);
		now.batch(() => {
			now.setData(columnsOf(next), false);
			now.setScale('x', { min: next.range.minMs, max: next.range.maxMs });
			now.setScale('y', { min, max });
		});
	}

	return {
		render: draw,
		resize: () => u?.setSize({ width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) }),
		restyle() {
			palette = readPalette(host);
			shape = '';
			if (picture) draw(picture);
		},
		destroy: () => u?.destroy(),
	};
}
