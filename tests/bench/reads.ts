import { join } from 'node:path';
import type { ApiList, ApiStream } from '#contracts/api.ts';
import { spawnEmbedded } from '#server/store/embedded/spawn.ts';
import { silent } from '#server/store/embedded/testing.ts';
import { storeOf } from '#server/store/testing/store.ts';
import { until } from '../support/until.ts';
import { removeFolder, startProduct, tempFolder, type Product } from '../product.ts';
import { rounded, sharesMs, type Bench, type Figures } from './bench.ts';
import { storedRows, type Stretch } from './rows.ts';

const STREAMS = 10_000;
const POINTS = 50_000_000;
const DAY_MICROS = 86_400_000_000;
/** A day at 10 Hz. */
const DENSE = { points: 864_000, everyMicros: 100_000 };
/** A day of all others. */
const EACH = Math.floor((POINTS - DENSE.points) / (STREAMS - 1));
const PER_POST = 2000;
/** Points of each stream that is asked for the newest. */
const RECENT = 600;
const PER_PAGE = 1000;
const TIMES = 40;

/** What reading costs a page, with the whole product between: HTTP, rights, the engine's newest points, JSON. */
export const reads: Bench = {
	name: 'reads',
	workload:
		`${POINTS / 1e6} million stored points of ${STREAMS.toLocaleString('en')} streams, a day of each, one of them at 10 Hz; by HTTP, one request after the other, each ` +
		`${TIMES} times and of another stream each time where there are many, whose last 600 points came to the running product; the last values of all streams are ${STREAMS / PER_PAGE} pages of ` +
		`${PER_PAGE.toLocaleString('en')}`,
	onRequest: true,
	run,
};

async function run(): Promise<Figures> {
	const dataFolder = tempFolder('bench-reads');
	const env = { SIGMASCOPE_LOG_LEVEL: 'error' };
	try {
		const made = await startProduct({ dataFolder, env });
		const ids = await makeStreams(made);
		await made.stop();
		const insertedPerSecond = await fill(join(dataFolder, 'clickhouse'), Date.now() * 1000);
		const product = await startProduct({ dataFolder, env });
		try {
			return { insertedPerSecond, ...(await ask(product, ids)) };
		} finally {
			await product.stop();
		}
	} finally {
		removeFolder(dataFolder);
	}
}

/** @returns their ids, the first of which the product counts by 1 inside */
async function makeStreams(product: Product): Promise<readonly string[]> {
	const t = (Date.now() - 2 * 86_400_000) * 1000;
	for (let first = 0; first < STREAMS; first += PER_POST) {
		const points = Array.from({ length: PER_POST }, (_, i) => ({ stream: `bench/${first + i}`, t, v: 20 }));
		await post(product, points);
	}
	const byKey = new Map((await pages(product)).map(({ key, id }) => [key, id]));
	return Array.from({ length: STREAMS }, (_, i) => byKey.get(`bench/${i}`) ?? '');
}

async function post(product: Product, points: readonly object[]): Promise<void> {
	const posted = await product.request('/api/v1/points', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(points),
	});
	if (!posted.ok) throw new Error(`cannot send points: ${await posted.text()}`);
}

async function pages(product: Product): Promise<readonly ApiStream[]> {
	const all: ApiStream[] = [];
	for (let cursor: string | null = ''; cursor !== null;) {
		const next: ApiList<ApiStream> = await product.get(
			`/api/v1/streams?limit=${PER_PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
		);
		all.push(...next.items);
		cursor = next.cursor;
	}
	return all;
}

async function fill(folder: string, nowMicros: number): Promise<number> {
	const server = await spawnEmbedded({ dataFolder: folder, log: silent });
	const store = storeOf(server, () => nowMicros);
	let inserts = 0;
	const startMs = performance.now();
	for (const rows of storedRows(stretches(), nowMicros))
		await store.insertPoints({ token: `bench-${inserts++}`, rows });
	const tookMs = performance.now() - startMs;
	await store.close();
	await server.stop();
	return rounded((POINTS / tookMs) * 1000);
}

function* stretches(): Generator<Stretch> {
	yield { streamId: 1, ...DENSE };
	for (let streamId = 2; streamId <= STREAMS; streamId++)
		yield { streamId, points: EACH, everyMicros: Math.floor(DAY_MICROS / EACH) };
}

async function ask(product: Product, ids: readonly string[]): Promise<Figures> {
	const other = (n: number) => ids[otherOf(n)] ?? '';
	await post(product, recent());
	const now = Date.now() * 1000;
	const day = `from=${now - DAY_MICROS}&to=${now}&maxPoints=1000`;
	const points = (id: string, query: string) => product.get<{ v: number[] }>(`/api/v1/streams/${id}/points?${query}`);
	// Until the store answers there is what the engine has in memory.
	await until(async () => (await points(ids[0] ?? '', day)).v.length > 500, 60_000);
	return {
		last500: await timed((n) => points(other(n), 'last=500')),
		denseDayIn1000: await timed(() => points(ids[0] ?? '', day)),
		dayIn1000: await timed((n) => points(other(n), day)),
		lastOfAll: await timed(() => pages(product)),
		lastOfAPage: await timed(() => product.get(`/api/v1/streams?limit=${PER_PAGE}`)),
	};
}

const otherOf = (n: number) => 1 + ((n * 37) % (STREAMS - 1));

/** Of the streams whose newest points are asked for: the last minutes, as they came. */
function recent(): readonly object[] {
	const now = Date.now() * 1000;
	return Array.from({ length: TIMES + 1 }, (_, n) =>
		Array.from({ length: RECENT }, (_, i) => {
			const t = now - (RECENT - i) * 1_000_000;
			return { stream: `bench/${otherOf(n)}`, t, v: 20 + Math.sin(i) };
		}),
	).flat();
}

async function timed(read: (n: number) => Promise<unknown>): Promise<Figures> {
	await read(TIMES);
	const took: number[] = [];
	for (let n = 0; n < TIMES; n++) {
		const start = performance.now();
		await read(n);
		took.push(performance.now() - start);
	}
	return sharesMs(took);
}

if (import.meta.main) console.log(JSON.stringify(await reads.run()));
