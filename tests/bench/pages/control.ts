import { createClock } from '#lib/chart/clock.ts';
import { createControlChart } from '#lib/chart/control-chart.ts';
import { createGutters } from '#lib/chart/gutters.ts';
import { liveRange } from '#lib/chart/view.ts';
import { numberFormat } from '#lib/format/number.ts';
import '../../../src/app.css';
import 'uplot/dist/uPlot.min.css';
import { POINTS, startPage } from './source.ts';

/** The control chart of the product, whole: zones, limits with their labels, marks of signals, time and value axis. */
await startPage((host, stream, limits) => {
	const chart = createControlChart(host, {
		zones: 'zones',
		timeAxis: 'labelled',
		syncKey: stream,
		gutters: createGutters(),
		onRange: () => undefined,
		onZoom: () => undefined,
		onReset: () => undefined,
		onChange: () => undefined,
		onRead: () => undefined,
	});
	const clock = createClock('utc');
	return {
		draw(columns) {
			const segments = limits.segments(stream, 'i');
			chart.render({
				series: { columns, gaps: [], buckets: null, admit: 192 },
				segments,
				range: liveRange(columns, { points: POINTS }),
				format: numberFormat(segments.at(-1)?.sigma),
				unit: '',
				clock,
				expectMs: undefined,
			});
		},
	};
});
