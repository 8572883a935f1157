import uPlot from 'uplot';
import { bandsOf, type Segment } from '#lib/chart/segments.ts';
import 'uplot/dist/uPlot.min.css';
import { startPage } from './source.ts';

const COLOURS = { A: '#cbd1d8', B: '#d8dde2', C: '#e4e7eb', plain: '#e4e7eb' };

/** Bare uPlot as its documentation has it, with zones, limits and rings around signals drawn in its hooks, and nothing else. */
await startPage((host, stream, limits) => {
	let signals: Uint16Array = new Uint16Array(0);
	const segment = () => limits.segments(stream, 'i').at(-1);
	const chart = new uPlot(
		{
			width: host.clientWidth,
			height: host.clientHeight,
			ms: 1,
			legend: { show: false },
			series: [{}, { stroke: '#2b333c', width: 1, points: { show: false } }],
			hooks: { drawClear: [(u) => drawZones(u, segment())], draw: [(u) => drawSignals(u, signals)] },
		},
		[[], []],
		host,
	);
	return {
		draw(columns) {
			signals = columns.signals;
			chart.setData([columns.tMs, columns.v]);
		},
	};
});

function drawZones(u: uPlot, segment: Segment | undefined): void {
	if (segment === undefined) return;
	const { left, width } = u.bbox;
	const y = (value: number) => u.valToPos(value, 'y', true);
	for (const { zone, low, high } of bandsOf(segment, 'zones')) {
		u.ctx.fillStyle = COLOURS[zone];
		u.ctx.fillRect(left, y(high), width, y(low) - y(high));
	}
	u.ctx.strokeStyle = '#2b333c';
	for (const limit of [segment.lcl, segment.centre, segment.ucl]) {
		u.ctx.beginPath();
		u.ctx.moveTo(left, y(limit ?? 0));
		u.ctx.lineTo(left + width, y(limit ?? 0));
		u.ctx.stroke();
	}
}

function drawSignals(u: uPlot, signals: Uint16Array): void {
	const [times, values] = u.data;
	u.ctx.strokeStyle = '#c62828';
	signals.forEach((bits, i) => {
		if (bits === 0) return;
		u.ctx.beginPath();
		u.ctx.arc(u.valToPos(times[i] ?? 0, 'x', true), u.valToPos(values?.[i] ?? 0, 'y', true), 4, 0, 2 * Math.PI);
		u.ctx.stroke();
	});
}
