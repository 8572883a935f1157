import { describe, expect, it } from 'vitest';
import { growth, runSoak, type Held, type Sample } from './soak.ts';

/** `SOAK_MINUTES=120 npm run test:long -- soak` */
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 10);

/** From the end of the warm-up (the first 40 %) to the end; a leak of one object a point would be hundreds of megabytes. */
const MOST: Readonly<Record<Held, number>> = { hubMb: 40, storeMb: 60, files: 5, delayMs: 50, parts: 40 };

describe(`${MINUTES} minutes at 10,000 points a second, with violations, derived streams and readers`, () => {
	it(
		'nothing grows: memory, open files, the delay of the event loop, parts',
		{ timeout: MINUTES * 60_000 + 300_000 },
		async () => {
			const samples = await runSoak(MINUTES);
			const grown = Object.fromEntries(Object.keys(MOST).map((of) => [of, growth(samples, of as Held)]));
			process.stdout.write(
				`${JSON.stringify({ minutes: MINUTES, grown, last: samples.at(-1), hubMb: samples.map(({ hubMb }) => Math.round(hubMb)) })}\n`,
			);
			for (const [of, most] of Object.entries(MOST)) expect(grown[of], of).toBeLessThan(most);
		},
	);
	it('would be seen: a growth of one a second', () => {
		const samples = Array.from({ length: 100 }, (_, i): Sample => {
			const gc = i % 10 === 0 ? -30 : 0;
			return { second: i * 5, hubMb: 500 + i * 5 + gc, storeMb: 400 + gc, files: 30, delayMs: 10, parts: 20 };
		});
		expect(growth(samples, 'hubMb')).toBeCloseTo(295, -1);
		expect(growth(samples, 'storeMb')).toBe(0);
	});
});
