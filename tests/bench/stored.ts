import { clientOf, startTestServer } from '#server/store/embedded/testing.ts';
import { STORED_ROW_BYTES } from '#server/store/port.ts';
import { DATABASE, storeOf } from '#server/store/testing/store.ts';
import { createNormal } from '#rules/testing/random.ts';
import { rounded, type Bench, type Figures } from './bench.ts';
import { cpuOf, cpuSince } from './cpu.ts';

const STREAMS = 1000;
const EVERY_MICROS = 100_000;
const GOOD = 192;
const PIECES: Readonly<Record<string, number>> = { '5000': 100, '25000': 40, '100000': 20, '300000': 14 };
/** Merges go on for a moment after an insert. */
const SETTLE_MS = 2000;

/** What an insert costs, and what a point takes on the disk. */
export const stored: Bench = {
	name: 'stored',
	workload:
		`rows of ${STREAMS} streams in turns at ${1e6 / EVERY_MICROS} Hz, normal noise with four decimals, inserted into the embedded ` +
		'store in pieces of so many rows, rollups and last values made on the way; CPU of the store a million rows, merges ' +
		'that follow at once included; bytes a point of the points alone and of all tables, once merged',
	run,
};

async function run(): Promise<Figures> {
	const test = await startTestServer();
	const store = storeOf(test.server, () => Date.now() * 1000);
	const client = clientOf(test.server, { database: DATABASE });
	try {
		await store.migrate();
		const rows = createRows(Date.now() * 1000);
		const figures: Record<string, Figures> = {};
		let token = 0;
		for (const [name, times] of Object.entries(PIECES)) {
			const pieces = Array.from({ length: times }, () => rows(Number(name)));
			const cpu = cpuOf(process.pid);
			const startMs = performance.now();
			for (const piece of pieces) await store.insertPoints({ token: `bench-${token++}`, rows: piece });
			const ms = performance.now() - startMs;
			await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
			const points = Number(name) * times;
			const used = cpuSince(cpu, cpuOf(process.pid)).store ?? NaN;
			figures[`pieces${name}`] = {
				rowsPerSecond: rounded((points / ms) * 1000),
				storeCpuMsPerMillionRows: rounded((used / points) * 1e6),
			};
		}
		for (const table of ['points', 'points_1m']) await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
		return { ...figures, bytesPerPoint: await bytesPerPoint(client) };
	} finally {
		await client.close();
		await store.close();
		await test.stop();
	}
}

/** @returns the next so many rows, as the writer sends them */
function createRows(toMicros: number): (count: number) => Buffer {
	const normal = createNormal(1);
	const total = Object.entries(PIECES).reduce((sum, [rows, times]) => sum + Number(rows) * times, 0);
	const first = toMicros - (total / STREAMS) * EVERY_MICROS;
	let n = 0;
	return (count) => {
		const rows = Buffer.alloc(count * STORED_ROW_BYTES);
		const received = BigInt(first + Math.floor((n + count) / STREAMS) * EVERY_MICROS);
		for (let at = 0; at < rows.length; at += STORED_ROW_BYTES, n++) {
			rows.writeUInt32LE(1 + (n % STREAMS), at);
			rows.writeBigInt64LE(BigInt(first + Math.floor(n / STREAMS) * EVERY_MICROS), at + 4);
			rows.writeDoubleLE(Math.round((20 + normal()) * 1e4) / 1e4, at + 12);
			rows[at + 20] = GOOD;
			rows.writeBigInt64LE(received, at + 21);
		}
		return rows;
	};
}

async function bytesPerPoint(client: ReturnType<typeof clientOf>): Promise<Figures> {
	const ask = async <T>(query: string) => (await client.query({ query, format: 'JSONEachRow' })).json<T>();
	const active = `active AND database = '${DATABASE}'`;
	const [points] = await ask<{ n: number }>(`SELECT toFloat64(count()) AS n FROM points`);
	const [all] = await ask<{ n: number }>(`SELECT toFloat64(sum(bytes_on_disk)) AS n FROM system.parts WHERE ${active}`);
	const columns = await ask<{ column: string; n: number }>(
		`SELECT column, toFloat64(sum(column_data_compressed_bytes)) AS n FROM system.parts_columns
			WHERE ${active} AND table = 'points' GROUP BY column ORDER BY n DESC`,
	);
	const share = (bytes: number) => rounded(bytes / (points?.n ?? NaN));
	const sum = columns.reduce((bytes, { n }) => bytes + n, 0);
	return {
		points: share(sum),
		all: share(all?.n ?? NaN),
		columns: Object.fromEntries(columns.map(({ column, n }) => [column, share(n)])),
	};
}

if (import.meta.main) console.log(JSON.stringify(await run()));
