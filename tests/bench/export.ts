import { spcSvg } from '#lib/drawing/spc-svg.ts';
import { sampleDrawing } from '#lib/drawing/testing/data.ts';
import { createPictures } from '#server/export/pictures/pictures.ts';
import { startFilled, type Filled } from '#server/export/testing/filled.ts';
import { rounded, type Bench, type Figures } from './bench.ts';

const POINTS = 500_000;
/** With the pages of the summary. */
const STREAMS = 20;
const PICTURES = 20;

/** What leaves: points as files, charts as pictures, a report. */
export const exportBench: Bench = {
	name: 'export',
	workload:
		`${STREAMS} streams of ${POINTS} points in the embedded store, read as one export by a reader that takes everything at once; ` +
		`PNG of a chart of 120 points 1,200 pixels wide, median of ${PICTURES} once the renderer is warm; a report of the ${STREAMS} streams`,
	run,
};

async function run(): Promise<Figures> {
	const filled = await startFilled({ streams: STREAMS, points: POINTS });
	try {
		const csv = await read(filled, 'csv');
		const parquet = await read(filled, 'parquet');
		const report = await read(filled, 'pdf');
		const all = POINTS * STREAMS;
		return {
			csvRowsPerSecond: rounded(all / csv.seconds),
			csvGrownMiB: rounded(csv.grownMiB),
			parquetRowsPerSecond: rounded(all / parquet.seconds),
			reportSeconds: rounded(report.seconds),
			...(await pictures()),
		};
	} finally {
		await filled.stop();
	}
}

async function read(filled: Filled, format: 'csv' | 'parquet' | 'pdf') {
	const leaving = new AbortController();
	const startMs = performance.now();
	const before = process.memoryUsage.rss();
	let most = before;
	const { body } = await filled.exports.open(filled.wish({ format }), leaving.signal);
	for await (const chunk of body) most = Math.max(most, process.memoryUsage.rss(), chunk.length);
	leaving.abort();
	return { seconds: (performance.now() - startMs) / 1000, grownMiB: (most - before) / 2 ** 20 };
}

async function pictures(): Promise<Figures> {
	const drawn = createPictures();
	const svg = spcSvg(sampleDrawing(), 'light');
	await drawn.renderPng(svg, { width: 1200 });
	const times: number[] = [];
	for (let i = 0; i < PICTURES; i++) {
		const startMs = performance.now();
		await drawn.renderPng(svg, { width: 1200 });
		times.push(performance.now() - startMs);
	}
	await drawn.stop();
	return { pngMs: rounded(times.sort((a, b) => a - b)[PICTURES / 2] ?? NaN) };
}
