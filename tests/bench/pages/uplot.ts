import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { startPage } from './source.ts';

/** Bare uPlot: a line, its two axes and their grid as they come; no zones, limits or marks. */
await startPage((host) => {
	const chart = new uPlot(
		{
			width: host.clientWidth,
			height: host.clientHeight,
			ms: 1,
			legend: { show: false },
			series: [{}, { stroke: '#2b333c', width: 1, points: { show: false } }],
		},
		[[], []],
		host,
	);
	return { draw: ({ tMs, v }) => chart.setData([tMs, v]) };
});
