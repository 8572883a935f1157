import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { planSchema } from '#contracts/plan.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import type { StreamWithPlan } from '#server/metadata/port.ts';
import { startTestServer } from '#server/store/embedded/testing.ts';
import { STORED_ROW_BYTES, type Store } from '#server/store/port.ts';
import { storeOf } from '#server/store/testing/store.ts';
import { replot } from '#server/engine/rejudge/replot.ts';
import { createExports } from '../exports.ts';
import { createPictures } from '../pictures/pictures.ts';
import type { Exports, ExportWish } from '../port.ts';

/** Exports over an embedded store with streams of so many points each, a hundred a second, oldest first from `FIRST_MICROS`. */
export interface Filled {
	readonly exports: Exports;
	readonly store: Store;
	readonly streams: readonly StreamWithPlan[];
	/** Where files wait to be read. */
	readonly spool: string;
	wish(wanted: Partial<ExportWish>): ExportWish;
	stop(): Promise<void>;
}

export const FIRST_MICROS = 1_700_000_000_000_000;
export const EVERY_MICROS = 10_000;
const PIECE = 250_000;

/** Exact in a double and in decimals, so that a reader can be compared to the digit. */
export function valueAt(i: number): number {
	return 20 + (i % 997) / 1000;
}

export async function startFilled({
	streams: count,
	points,
}: {
	readonly streams: number;
	readonly points: number;
}): Promise<Filled> {
	const now = () => Date.now() * 1000;
	const log = pino({ level: 'silent' });
	const test = await startTestServer();
	const folder = await mkdtemp(join(tmpdir(), 'filled-'));
	const store = storeOf(test.server, now);
	await store.migrate();
	const metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log, now });
	const named = Array.from({ length: count }, (_, i) => {
		return {
			site: 'a',
			key: `filled/${i}`,
			labels: {},
			asset: 'filled',
			kind: 'machine' as const,
			unit: 'bar',
			plan: planSchema.parse({}),
		};
	});
	const ids = (await metadata.streams.ensure(named)).map(({ id }) => id);
	for (const id of ids) await fill(store, id, points);
	const pictures = createPictures();
	const spool = join(folder, 'exports');
	const exports = createExports({
		replot,
		...{ store, metadata, pictures, now, folder: spool },
		// Nothing is judged here.
		engine: { limits: () => [], windows: () => [] },
		settled: async () => {},
		versions: { sigmascope: 'test' },
		random: randomUUID,
		registry: new Registry(),
	});
	const streams = await metadata.streams.some(ids);
	return {
		...{ exports, store, streams, spool },
		wish: (wanted) => ({
			...{ format: 'csv', streams, session: undefined, fromMicros: undefined, toMicros: undefined },
			...{ isBundle: false, isFacts: false, asOfMicros: undefined, after: undefined },
			picture: { timeZone: 'UTC', theme: 'light', width: 1200 },
			...wanted,
		}),
		async stop() {
			await exports.stop();
			await pictures.stop();
			await metadata.close();
			await store.close();
			await test.stop();
			await rm(folder, { recursive: true });
		},
	};
}

async function fill(store: Store, streamId: number, points: number): Promise<void> {
	for (let from = 0; from < points; from += PIECE) {
		const count = Math.min(PIECE, points - from);
		const arrived = BigInt(Date.now() * 1000);
		const rows = Buffer.alloc(count * STORED_ROW_BYTES);
		for (let i = 0; i < count; i++) {
			const at = i * STORED_ROW_BYTES;
			rows.writeUInt32LE(streamId, at);
			rows.writeBigInt64LE(BigInt(FIRST_MICROS + (from + i) * EVERY_MICROS), at + 4);
			rows.writeDoubleLE(valueAt(from + i), at + 12);
			rows.writeUInt8(192, at + 20);
			// Retention goes by arrival: what came long ago would be forgotten at once.
			rows.writeBigInt64LE(arrived, at + 21);
		}
		await store.insertPoints({ token: `fill-${streamId}-${from}`, rows });
	}
}
