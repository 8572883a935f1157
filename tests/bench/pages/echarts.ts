import { LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { bandsOf } from '#lib/chart/segments.ts';
import { startPage } from './source.ts';

use([LineChart, GridComponent, MarkAreaComponent, MarkLineComponent, CanvasRenderer]);

const COLOURS = { A: '#cbd1d8', B: '#d8dde2', C: '#e4e7eb', plain: '#e4e7eb' };

/** ECharts as its documentation has it: a line without symbols or animation, zones as areas, limits as lines. */
await startPage((host, stream, limits) => {
	const chart = init(host);
	chart.setOption({
		animation: false,
		grid: { left: 40, right: 8, top: 8, bottom: 24 },
		xAxis: { type: 'time', min: 'dataMin', max: 'dataMax' },
		yAxis: { type: 'value', scale: true },
	});
	return {
		draw({ tMs, v, length }) {
			const segment = limits.segments(stream, 'i').at(-1);
			const lines = segment ? [segment.lcl, segment.centre, segment.ucl] : [];
			const bands = segment ? bandsOf(segment, 'zones') : [];
			chart.setOption({
				series: {
					type: 'line',
					showSymbol: false,
					lineStyle: { width: 1, color: '#2b333c' },
					data: Array.from({ length }, (_, i) => [tMs[i], v[i]]),
					markLine: { silent: true, symbol: 'none', label: { show: false }, data: lines.map((yAxis) => ({ yAxis })) },
					markArea: {
						silent: true,
						data: bands.map(({ zone, low, high }) => [
							{ yAxis: low, itemStyle: { color: COLOURS[zone] } },
							{ yAxis: high },
						]),
					},
				},
			});
		},
	};
});
