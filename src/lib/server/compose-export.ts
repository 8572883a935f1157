import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import type { NowMicros } from '#contracts/time.ts';
import type { EngineView } from './engine/port.ts';
import { replot } from './engine/rejudge/replot.ts';
import { createExports } from './export/exports.ts';
import type { Exports, Pictures } from './export/port.ts';
import type { Journal } from './journal/port.ts';
import type { Metadata } from './metadata/port.ts';
import type { Store } from './store/port.ts';

/** The store writes about once a second; what it has not taken by then it will not take soon. */
const PATIENCE_MS = 5000;
const LOOK_MS = 50;

/** An export has everything that was acknowledged before it was asked for, while the store keeps up. */
export function composeExport(of: {
	readonly store: Store;
	readonly metadata: Metadata;
	readonly engine: EngineView;
	readonly pictures: Pictures;
	readonly journal: Journal;
	readonly partition: number;
	readonly storedUpTo: () => number;
	readonly dataFolder: string;
	readonly versions: Readonly<Record<string, string>>;
	readonly now: NowMicros;
	readonly registry: Registry;
}): Exports {
	const { store, metadata, engine, pictures, journal, partition, storedUpTo, now, versions, registry } = of;
	const folder = join(of.dataFolder, 'exports');
	// What a process before this one did not come to remove.
	rmSync(folder, { recursive: true, force: true });

	/** First the points are judged, then what was found is stored behind them. */
	async function settled(): Promise<void> {
		const until = performance.now() + PATIENCE_MS;
		await passed(engine.position, await journal.lastSeq('points', partition), until);
		await passed(storedUpTo, await journal.lastSeq('verdicts', partition), until);
	}

	async function passed(position: () => number, wanted: number, until: number): Promise<void> {
		while (position() < wanted && performance.now() < until)
			await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
	}

	return createExports({
		store,
		metadata,
		engine,
		pictures,
		replot,
		folder,
		settled,
		versions,
		now,
		registry,
		random: randomUUID,
	});
}
