import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#contracts/time.ts';
import { createEvaluator } from './evaluator.ts';
import { declare, episodesOf, evaluate, rows, signalsOf, tick, type Input } from './testing/records.ts';

/** Not part of the project: github.com/numenta/NAB, realKnownCause. */
const FILE = new URL('../../../../../shared/data/nab/machine_temperature_system_failure.csv', import.meta.url);
const present = existsSync(FILE);
if (!present) process.stderr.write(`skipped: ${FILE.pathname} is not there\n`);

function inputs(): readonly Input[] {
	const lines = readFileSync(FILE, 'utf8').trim().split('\n').slice(1);
	const all = lines.map((line) => {
		const [time = '', value = ''] = line.split(',');
		return { stream: 1, tMicros: parseTime(`${time.replace(' ', 'T')}Z`)!, v: Number(value), quality: 192 } as const;
	});
	const found: Input[] = [declare(1, { expect: '5m' }, { unit: '°F' })];
	for (let i = 0; i < all.length; i += 200) found.push(rows(all.slice(i, i + 200)), tick(1_800_000_000 + i / 200));
	return found;
}

describe.skipIf(!present)('a real machine temperature of 22,695 points', () => {
	it('is judged from its first hundred points on, as autocorrelated as it is', () => {
		const evaluator = createEvaluator();
		const verdicts = evaluate(inputs(), evaluator);
		const limits = verdicts.flatMap((verdict) => (verdict.type === 'limits' ? [verdict.limits] : []));
		expect(limits.map(({ chart, rules }) => [chart, rules])).toEqual([
			['i', [1]],
			['mr', [1]],
		]);
		expect(limits[0]).toMatchObject({ method: 'overall-deviation', notes: ['provisional: autocorrelated'] });
		expect(limits[0]!.lag1).toBeGreaterThan(0.5);
		expect(signalsOf(verdicts).length).toBeGreaterThan(100);
		const { plotted, late, duplicate, unknown } = evaluator.state.counts;
		expect(plotted + duplicate + late).toBe(22_695);
		expect(unknown).toBe(0);
	});
	it('has episodes that end where they should, and is never missed for being old', () => {
		const episodes = episodesOf(evaluate(inputs()));
		expect(episodes.length).toBeGreaterThan(10);
		for (const episode of episodes) {
			expect(episode.rule).toBe(1);
			expect(episode.endedMicros === null || episode.endedMicros > episode.lastMicros).toBe(true);
			expect(episode.lastMicros >= episode.firstMicros).toBe(true);
		}
	});
	it('gives the same verdicts twice', () => expect(evaluate(inputs())).toEqual(evaluate(inputs())));
});
