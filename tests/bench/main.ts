import { alerts } from './alerts.ts';
import { auth } from './auth.ts';
import { readBaseline, saveBaseline, type Measured } from './baseline.ts';
import { isSkipped, type Bench, type Figures } from './bench.ts';
import { caveats, compare, tableOf } from './compare.ts';
import { burst } from './burst.ts';
import { chartImage } from './chart-image.ts';
import { charts } from './charts.ts';
import { clients } from './clients.ts';
import { exportBench } from './export.ts';
import { honesty } from './honesty.ts';
import { ingestAlert } from './ingest-alert.ts';
import { ingest } from './ingest.ts';
import { liveLatency } from './live-latency.ts';
import { llmOtlp } from './llm-otlp.ts';
import { llmProbe } from './llm-probe.ts';
import { llmProxy } from './llm-proxy.ts';
import { readCommit, readLoad, readMachine } from './machine.ts';
import { parseOptions, type BenchOptions } from './options.ts';
import { mqttIngest } from './mqtt-ingest.ts';
import { queries } from './queries.ts';
import { reads } from './reads.ts';
import { rca } from './rca.ts';
import { rcaStored } from './rca-stored.ts';
import { rules } from './rules.ts';
import { screenLatency } from './screen-latency.ts';
import { search } from './search.ts';
import { startUp } from './start-up.ts';
import { steady } from './steady.ts';
import { stored } from './stored.ts';
import { streamPage } from './stream-page.ts';
import { verdicts } from './verdicts.ts';
import { wallSoak } from './wall-soak.ts';

const BENCHES: readonly Bench[] = [
	startUp,
	ingest,
	ingestAlert,
	alerts,
	auth,
	chartImage,
	exportBench,
	burst,
	steady,
	stored,
	verdicts,
	mqttIngest,
	llmProbe,
	llmOtlp,
	llmProxy,
	liveLatency,
	screenLatency,
	clients,
	charts,
	streamPage,
	queries,
	reads,
	rca,
	rcaStored,
	rules,
	search,
	honesty,
	wallSoak,
];

/** `npm run bench [-- NAME… --runs N --save [FILE] --compare [FILE]]`: a line of JSON for each bench on stdout. */
async function main(options: BenchOptions): Promise<void> {
	const old = options.compare === undefined ? undefined : readBaseline(options.compare);
	const measured: Record<string, Measured> = {};
	for (const bench of chosen(options.names)) {
		const result = await measure(bench, options.runs).catch((error: unknown) => fail(bench.name, error));
		if (!result) continue;
		measured[bench.name] = result;
		if (options.save !== undefined) saveBaseline(options.save, measured);
	}
	if (old) console.error([...caveats(old, measured), tableOf(compare(old, measured))].join('\n'));
}

/** The others are still worth having. */
function fail(bench: string, error: unknown): void {
	process.exitCode = 1;
	console.log(JSON.stringify({ bench, failed: String(error) }));
}

function chosen(names: readonly string[]): readonly Bench[] {
	const unknown = names.find((name) => !BENCHES.some((bench) => bench.name === name));
	if (unknown !== undefined)
		throw new Error(`no bench "${unknown}"; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
	return BENCHES.filter(({ name, onRequest }) => (names.length === 0 ? !onRequest : names.includes(name)));
}

async function measure({ name, workload, run }: Bench, times: number): Promise<Measured | undefined> {
	const head = { at: new Date().toISOString(), commit: readCommit(), machine: readMachine(), loadBefore: readLoad() };
	const runs: Figures[] = [];
	const start = performance.now();
	for (let i = 0; i < times; i++) {
		const outcome = await run();
		if (isSkipped(outcome)) return void console.log(JSON.stringify({ bench: name, ...outcome }));
		runs.push(outcome);
	}
	const seconds = Math.round((performance.now() - start) / 1000);
	console.log(
		JSON.stringify({ bench: name, ...head, seconds, workload, ...(times === 1 ? { figures: runs[0] } : { runs }) }),
	);
	return { ...head, workload, runs };
}

await main(parseOptions(process.argv.slice(2)));
