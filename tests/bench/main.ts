import { loadavg } from 'node:os';
import { liveLatency } from './live-latency.ts';
import { screenLatency } from './screen-latency.ts';
import { startUp } from './start-up.ts';

/** `npm run bench [-- NAME]`: each measurement states its workload and prints one line of JSON. */
const BENCHES: Readonly<Record<string, () => Promise<object>>> = {
	'start-up': startUp,
	'live-latency': liveLatency,
	'screen-latency': screenLatency,
};

const [wanted] = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
	if (wanted !== undefined && wanted !== name) continue;
	const load = loadavg()[0];
	console.log(JSON.stringify({ bench: name, at: new Date().toISOString(), loadBefore: load, ...(await bench()) }));
}
