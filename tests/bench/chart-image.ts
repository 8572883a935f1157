import { createChartImages } from '#server/alerts/chart-images.ts';
import { testContent } from '#server/alerts/test-content.ts';
import { createPictures } from '#server/export/pictures/pictures.ts';
import { pino } from 'pino';
import { rounded, sharesMs, type Bench } from './bench.ts';
import { nowMicros } from './feed.ts';

const IMAGES = 100;

/** The chart of an alert as PNG, from the violation to the bytes. */
export const chartImage: Bench = {
	name: 'chart-image',
	workload: `${IMAGES} charts of violations with ten points on each side, one after the other, as they go into a mail (1200 pixels)`,
	async run() {
		const pictures = createPictures();
		const images = createChartImages({
			pictures,
			metadata: { limits: { of: async () => [] } },
			timeZone: 'UTC',
			log: pino({ level: 'silent' }),
		});
		const nowMs = nowMicros() / 1000;
		const point = (i: number) => ({ t: new Date(nowMs + 1000 * i).toISOString(), v: i % 10 === 0 ? 4 : Math.sin(i) });
		const context = {
			before: range(-10, 0).map(point),
			at: [point(0)],
			after: range(1, 11).map(point),
			complete: true,
		};
		const [item] = testContent({ route: 'x', language: 'en', by: 'bench', atMicros: nowMicros() }).items;
		if (!item) throw new Error('no violation to draw');
		const times: number[] = [];
		try {
			let bytes = 0;
			for (let i = 0; i <= IMAGES; i++) {
				const begun = performance.now();
				const png = await images.of({ ...item.violation, context, revision: i });
				times.push(performance.now() - begun);
				bytes = png?.length ?? 0;
			}
			// The first one starts the thread and reads the type.
			const [first = 0, ...rest] = times;
			return { image: sharesMs(rest), firstMs: rounded(first), kilobytes: rounded(bytes / 1024) };
		} finally {
			await pictures.stop();
		}
	},
};

function range(from: number, to: number): number[] {
	return Array.from({ length: to - from }, (_, i) => from + i);
}
