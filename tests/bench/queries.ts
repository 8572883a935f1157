import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '#server/store/port.ts';
import { startTestServer } from '#server/store/embedded/testing.ts';
import { storeOf } from '#server/store/testing/store.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { storedRows, type Stretch } from './rows.ts';

const DAY_MICROS = 86_400_000_000;
/** A day at 10 Hz; a day at one point in 17 s; a few points: 10 million points of 10,000 streams. */
const DENSE: Stretch = { streamId: 1, points: 864_000, everyMicros: 100_000 };
const DAY = { points: 5082, everyMicros: 17_000_000 };
const FEW = { points: 117, everyMicros: 17_000_000 };
const DAY_STREAMS = 1600;
const STREAMS = 10_000;
const TIMES = 30;

export const queries: Bench = {
	name: 'queries',
	workload:
		'10 million generated points of 10,000 streams in the embedded store, read through the store as pages do; each query ' +
		`${TIMES} times, of another stream each time where there are many; the store has all of it in the file cache`,
	run,
};

function* stretches(): Generator<Stretch> {
	yield DENSE;
	for (let streamId = 2; streamId <= STREAMS; streamId++)
		yield { streamId, ...(streamId <= DAY_STREAMS + 1 ? DAY : FEW) };
}

async function run(): Promise<Figures> {
	const test = await startTestServer();
	const nowMicros = Date.now() * 1000;
	const store = storeOf(test.server, () => nowMicros);
	try {
		await store.migrate();
		const load = await fill(store, nowMicros);
		return { ...load, diskMb: Math.round(bytesIn(test.folder) / 1e6), ...(await ask(store, nowMicros)) };
	} finally {
		await store.close();
		await test.stop();
	}
}

async function fill(store: Store, nowMicros: number): Promise<Figures> {
	let insertMs = 0;
	let inserts = 0;
	for (const rows of storedRows(stretches(), nowMicros)) {
		const start = performance.now();
		await store.insertPoints({ token: `bench-${inserts++}`, rows });
		insertMs += performance.now() - start;
	}
	const points = DENSE.points + DAY_STREAMS * DAY.points + (STREAMS - 1 - DAY_STREAMS) * FEW.points;
	return { insertedPerSecond: rounded((points / insertMs) * 1000) };
}

async function ask(store: Store, nowMicros: number): Promise<Figures> {
	const dense = { streamId: DENSE.streamId, fromMicros: nowMicros - DAY_MICROS, toMicros: nowMicros };
	const day = (n: number) => ({ ...dense, streamId: 2 + ((n * 37) % DAY_STREAMS) });
	return {
		nothing: await timed(() => store.ping()),
		last500: await timed((n) => store.lastPoints(day(n).streamId, 500)),
		context20: await timed((n) => store.lastPoints(day(n).streamId, 20, nowMicros - (n + 1) * 1e9)),
		dayThinnedTo1000: await timed((n) => store.thinnedPoints({ ...day(n), maxPoints: 1000 })),
		dayOf5082: await timed((n) => store.points(day(n))),
		denseDayThinnedTo1000: await timed(() => store.thinnedPoints({ ...dense, maxPoints: 1000 })),
		denseDayOf864000: await timed(() => store.points(dense)),
		denseHourOf36000: await timed(() => store.points({ ...dense, fromMicros: nowMicros - DAY_MICROS / 24 })),
		countOfDenseDay: await timed(() => store.countPoints(dense)),
		signalsOfDay: await timed((n) => store.signals(day(n))),
		lastOf10000Streams: await timed(() => store.lastTimes()),
	};
}

async function timed(query: (n: number) => Promise<unknown>): Promise<Figures> {
	const took: number[] = [];
	for (let n = 0; n < TIMES; n++) {
		const start = performance.now();
		await query(n);
		took.push(performance.now() - start);
	}
	return sharesMs(took);
}

function bytesIn(folder: string): number {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.reduce(
			(sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
			0,
		);
}
