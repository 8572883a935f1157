import { encodeCommand } from '#contracts/command.ts';
import { derivedSchema } from '#contracts/derived.ts';
import { planSchema, type PlanInput } from '#contracts/plan.ts';
import { ROW_BYTES, ROWS_HEADER_BYTES, viewOf, writeRow, writeRowsHeader } from '#contracts/rows.ts';
import { encodeVerdicts } from '#contracts/verdict.ts';
import { createNormal } from '#rules/testing/random.ts';
import { beginCapture, restoreCapture } from './capture.ts';
import { createEvaluator } from './evaluator.ts';

/**
 * `node src/lib/server/engine/bench.ts`: points per second through the evaluator on one core, verdicts encoded, without
 * a journal; and how long a snapshot of all streams takes. Prints JSON.
 */
/** CPU time: what else runs on the machine does not count. */
const cpuMs = () => process.cpuUsage().user / 1000;
const POINTS = 3_000_000;
const ROWS_PER_RECORD = 500;

function record(streams: number, from: number, v: Float64Array): Uint8Array {
	const bytes = new Uint8Array(ROWS_HEADER_BYTES + ROWS_PER_RECORD * ROW_BYTES);
	const view = viewOf(bytes);
	writeRowsHeader(view, { receivedMicros: 0, historical: false, count: ROWS_PER_RECORD });
	for (let i = 0; i < ROWS_PER_RECORD; i++) {
		const n = from + i;
		const row = {
			stream: 1 + (n % streams),
			tMicros: Math.floor(n / streams),
			v: v[n % v.length]!,
			quality: 192,
		} as const;
		writeRow(view, ROWS_HEADER_BYTES + i * ROW_BYTES, row);
	}
	return bytes;
}

/** A sum of two neighbours, for so many pairs. */
function declareDerived(evaluator: ReturnType<typeof createEvaluator>, streams: number, derived: number): void {
	if (derived === 0) return;
	const of = Array.from({ length: derived }, (_, i) => ({
		stream: `k/d${i}`,
		value: `"${2 * i + 1}" + "${2 * i + 2}"`,
	}));
	const rules = encodeCommand({ type: 'derived', rules: derivedSchema.parse(of) });
	evaluator.evaluate({ topic: 'commands', seq: 0, bytes: rules });
	of.forEach(({ stream: key }, i) => {
		const stream = { id: streams + 1 + i, site: 'a', key, labels: {}, asset: 'k', kind: 'machine', unit: '' } as const;
		const plan = planSchema.parse({ baseline: { centre: 0, sigma: Math.SQRT2 } });
		evaluator.evaluate({
			topic: 'commands',
			seq: 0,
			bytes: encodeCommand({ type: 'stream', stream, plan, planRevision: 1 }),
		});
	});
}

function run(streams: number, plan: PlanInput, derived: number) {
	const evaluator = createEvaluator();
	declareDerived(evaluator, streams, derived);
	for (let id = 1; id <= streams; id++) {
		const stream = { id, site: 'a', key: `k/${id}`, labels: {}, asset: 'k', kind: 'machine', unit: '' } as const;
		const bytes = encodeCommand({ type: 'stream', stream, plan: planSchema.parse(plan), planRevision: 1 });
		evaluator.evaluate({ topic: 'commands', seq: id, bytes });
	}
	const v = Float64Array.from({ length: 1_000_003 }, createNormal(1));
	let verdictBytes = 0;
	let usedMs = 0;
	let encodeMs = 0;
	for (let from = 0; from < POINTS; from += ROWS_PER_RECORD) {
		const bytes = record(streams, from, v);
		const seq = streams + 1 + from;
		const start = cpuMs();
		const verdicts = evaluator.evaluate({ topic: 'points', seq, bytes });
		const judged = cpuMs();
		if (verdicts.length > 0) verdictBytes += encodeVerdicts({ inputSeq: seq, verdicts }).length;
		if (from % 10_000 === 0) evaluator.takeChange(seq);
		usedMs += judged - start;
		encodeMs += cpuMs() - judged;
	}
	return {
		evaluator,
		pointsPerSecond: Math.round((POINTS / usedMs) * 1000),
		withEncoding: Math.round((POINTS / (usedMs + encodeMs)) * 1000),
		verdictBytesPerPoint: verdictBytes / POINTS,
	};
}

function snapshot({ evaluator }: ReturnType<typeof run>) {
	const start = cpuMs();
	const capture = beginCapture(evaluator.state, 1);
	capture.step(Infinity);
	const captureMs = cpuMs() - start;
	const again = cpuMs();
	restoreCapture(
		createEvaluator().state,
		capture.header,
		capture.streams.map(({ bytes }) => bytes),
	);
	const restoreMs = cpuMs() - again;
	return { captureMs, restoreMs, bytes: capture.streams.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}

const KNOWN = { baseline: { centre: 0, sigma: 1 } };
const cases: [string, number, PlanInput, number?][] = [
	['1 stream, quiet (limits twice as wide)', 1, { baseline: { centre: 0, sigma: 2 } }],
	['1000 streams, quiet (limits twice as wide)', 1000, { baseline: { centre: 0, sigma: 2 } }],
	['1000 streams, in control, rules 1 2 5 6', 1000, KNOWN],
	['1000 streams, learning 100 points first', 1000, {}],
	['10000 streams, in control, rules 1 2 5 6', 10_000, KNOWN],
	['1000 streams, in control, and 100 sums of two of them', 1000, KNOWN, 100],
	['1000 streams, in control, and 500 sums of two of them', 1000, KNOWN, 500],
];
for (const [name, streams, plan, derived = 0] of cases) {
	const done = run(streams, plan, derived);
	const { evaluator: _, ...numbers } = done;
	console.log(JSON.stringify({ name, ...numbers, snapshot: snapshot(done) }));
}
