import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { messageOf, RetriableError } from '#contracts/error.ts';
import { folderBytes, freshFolder, publishFolder } from './files.ts';
import type { Backups, BackupState } from './port.ts';
import { takeSnapshot, type SnapshotSources } from './snapshot.ts';

/** What stays free beside a backup: points must still find room on the disk while it is made. */
const KEEP_FREE_BYTES = 256 * 1024 * 1024;

export interface BackupsPart extends Backups {
	/** Removes what an end in the midst of one left. */
	start(): Promise<void>;
	/** Waits for the one that is being made. */
	stop(): Promise<void>;
}

export interface BackupsOptions {
	readonly sources: SnapshotSources;
	/** The data folder: its size decides whether there is room. */
	readonly dataFolder: string;
	/** Where backups wait until somebody takes them; one at a time. */
	readonly folder: string;
	readonly log: Logger;
	readonly registry: Registry;
	readonly now: () => Date;
}

/**
 * Makes backups inside of the data folder, one at a time; the command line moves them to where they belong. So no request
 * ever names a path that this process writes to.
 */
export function createBackups(options: BackupsOptions): BackupsPart {
	const { sources, folder, log, now } = options;
	const metrics = createBackupMetrics(options.registry);
	let last: BackupState | undefined;
	let running: Promise<void> = Promise.resolve();

	function change(id: string, more: Partial<BackupState>): void {
		if (last?.id === id) last = { ...last, ...more };
	}

	async function make(id: string): Promise<void> {
		const making = join(folder, `${id}.partial`);
		try {
			await clear();
			await checkRoom(options);
			await freshFolder(making);
			const onStep = (step: string) => change(id, { step });
			const { files } = await takeSnapshot({ sources, folder: making, now, onStep });
			const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
			await publishFolder(making, join(folder, id));
			change(id, { state: 'done', step: 'done', bytes, folder: join(folder, id), endedAt: now().toISOString() });
			metrics.done(bytes, now());
			log.info({ backup: id, bytes }, 'a backup is ready');
		} catch (error) {
			change(id, { state: 'failed', step: 'failed', error: messageOf(error), endedAt: now().toISOString() });
			metrics.failed();
			log.error({ backup: id, cause: messageOf(error) }, 'a backup has failed');
			await rm(making, { recursive: true, force: true });
		}
	}

	async function clear(): Promise<void> {
		for (const place of [folder, sources.storeFolder ?? []].flat()) {
			await mkdir(place, { recursive: true, mode: 0o700 });
			for (const name of await readdir(place)) await rm(join(place, name), { recursive: true, force: true });
		}
	}

	return {
		start: clear,
		last: () => last,
		begin() {
			if (last?.state === 'running') throw new RetriableError('another backup is being made');
			const startedAt = now().toISOString();
			const id = `${startedAt.replaceAll(/[-:]|\..*/g, '')}-${randomBytes(3).toString('hex')}`;
			last = { id, state: 'running', step: 'begins', startedAt, endedAt: null, folder: null, bytes: 0, error: null };
			running = make(id);
			return last;
		},
		stop: () => running,
	};
}

async function checkRoom({ dataFolder, folder }: BackupsOptions): Promise<void> {
	const [bytes, disk] = await Promise.all([folderBytes(dataFolder), statfs(folder)]);
	const free = disk.bavail * disk.bsize;
	if (free < bytes + KEEP_FREE_BYTES)
		throw new RetriableError(
			`cannot back up: the disk of the data folder has ${megabytes(free)} free, a copy may take ${megabytes(bytes)} and ${megabytes(KEEP_FREE_BYTES)} stay free`,
		);
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;

function createBackupMetrics(registry: Registry) {
	const registers = [registry];
	const last = new Gauge({
		name: 'sigmascope_backup_last_success_timestamp_seconds',
		help: 'When the newest backup since the start was ready, seconds since 1970; 0 = none since then',
		registers,
	});
	const size = new Gauge({ name: 'sigmascope_backup_bytes', help: 'Size of that backup', registers });
	const failures = new Counter({ name: 'sigmascope_backup_failures_total', help: 'Backups that failed', registers });
	return {
		done(bytes: number, at: Date) {
			last.set(at.getTime() / 1000);
			size.set(bytes);
		},
		failed: () => failures.inc(),
	};
}
