/** Numbers to compare, by name. A name says its unit; one that ends in `PerSecond` is better the larger it is. */
export interface Figures {
	readonly [name: string]: number | Figures;
}

export interface Skipped {
	/** What to install or to free for it to run. */
	readonly skipped: string;
}

/** One measurement. Every file here has this shape, and one line in main.ts. */
export interface Bench {
	/** = the name of its file. */
	readonly name: string;
	/** What is done, how often, and what the figures mean: they are compared only between equal workloads. */
	readonly workload: string;
	/** Takes so long that it runs only when it is named. */
	readonly onRequest?: true;
	/** Starts what it measures and leaves nothing behind. */
	run(): Promise<Figures | Skipped>;
}

export function isSkipped(outcome: Figures | Skipped): outcome is Skipped {
	return typeof outcome.skipped === 'string';
}

/** Shares of many values, to a hundredth: `{p50Ms, p99Ms, maxMs}`. */
export function sharesMs(values: readonly number[]): Figures {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (share: number) => rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN);
	return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** To three significant digits, or whole: nothing here is measured more finely. */
export function rounded(value: number): number {
	return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

/** `BENCH_PROFILE=FOLDER`: each thread of the product that gets this environment leaves a profile in FOLDER/NAME, to be read with ./profile.ts. */
export function profiled(name: string): Record<string, string> {
	const folder = process.env.BENCH_PROFILE;
	return folder === undefined ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}/${name}` };
}
