import { createVerdictGatherer } from '#contracts/verdict-digest.ts';
import { encodeVerdicts, parseVerdicts, type Verdict, type VerdictRecord } from '#contracts/verdict.ts';
import type { Episode } from '#contracts/violation.ts';
import { createNormal } from '#rules/testing/random.ts';
import { rounded, type Bench, type Figures } from './bench.ts';

const EPISODES = 20_000;
const PER_RECORD = 50;
const ROUNDS = 5;

/** What verdicts cost on their way from the engine to who keeps them. */
export const verdicts: Bench = {
	name: 'verdicts',
	workload:
		`${EPISODES} episodes, each written as opened, ended and with its ten points of context, ${3 * PER_RECORD} to a record; processor time ` +
		`per verdict, the best of ${ROUNDS} rounds: written, read whole, gathered (the last of each episode read), and the same as JSON`,
	run: () => Promise.resolve(run()),
};

function run(): Figures {
	const records = recordsOf(EPISODES);
	const bytes = records.map(encodeVerdicts);
	const texts = records.map((record) => new TextEncoder().encode(JSON.stringify(record)));
	const each = 3 * EPISODES;
	return {
		encodeUs: best(each, () => records.forEach(encodeVerdicts)),
		parseUs: best(each, () => bytes.forEach(parseVerdicts)),
		gatherUs: best(each, () => {
			const gatherer = createVerdictGatherer({ signals: true });
			bytes.forEach(gatherer.add);
			gatherer.digest();
		}),
		bytes: rounded(bytes.reduce((sum, { length }) => sum + length, 0) / each),
		json: {
			encodeUs: best(each, () => records.forEach((record) => new TextEncoder().encode(JSON.stringify(record)))),
			parseUs: best(each, () => texts.forEach((text) => JSON.parse(new TextDecoder().decode(text)) as unknown)),
			bytes: rounded(texts.reduce((sum, { length }) => sum + length, 0) / each),
		},
	};
}

function best(verdictsEach: number, work: () => void): number {
	const rounds = Array.from({ length: ROUNDS }, () => {
		const since = process.cpuUsage();
		work();
		return process.cpuUsage(since).user / verdictsEach;
	});
	return rounded(Math.min(...rounds));
}

function recordsOf(episodes: number): readonly VerdictRecord[] {
	const normal = createNormal(1);
	const points = (count: number, from: number) =>
		Array.from({ length: count }, (_, i) => ({ tMicros: from + i * 1000, v: Math.round((20 + normal()) * 1e4) / 1e4 }));
	return Array.from({ length: episodes / PER_RECORD }, (_, r) => ({
		inputSeq: r,
		verdicts: Array.from({ length: PER_RECORD }, (__, i) => versions(r * PER_RECORD + i, points)).flat(),
	}));
}

function versions(n: number, points: (count: number, from: number) => { tMicros: number; v: number }[]): Verdict[] {
	const t = 1_700_000_000_000_000 + n * 1000;
	const id = n.toString(16).padStart(32, '0');
	const [before, at, after] = [points(10, t - 10_000), points(1, t), points(10, t + 1000)];
	const common: Omit<Episode, 'endedMicros' | 'active' | 'revision' | 'context'> = {
		...{
			id,
			streamId: n % 1000,
			chart: 'i',
			rule: 1,
			side: 'above',
			firstMicros: t,
			lastMicros: t,
			severity: 'warning',
		},
		...{ points: 1, value: 23.1234, centre: 20, sigma: 1, limitsId: id, spanFromMicros: t, historical: false },
	};
	const ended = { endedMicros: t + 1000, active: false };
	return [
		{
			type: 'violation.opened',
			episode: {
				...{ ...common, endedMicros: null, active: true, revision: 1 },
				context: { before, at, after: [], complete: false },
			},
		},
		{
			type: 'violation.ended',
			episode: {
				...{ ...common, ...ended, revision: 2 },
				context: { before, at, after: after.slice(0, 1), complete: false },
			},
		},
		{
			type: 'violation.updated',
			episode: { ...common, ...ended, revision: 3, context: { before, at, after, complete: true } },
		},
	];
}

if (import.meta.main) console.log(JSON.stringify(run()));
