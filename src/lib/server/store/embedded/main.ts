import { openEngine, FolderLockedError } from './engine.ts';
import { EXIT } from './protocol.ts';
import type { ChildMessage, StartMessage } from './protocol.ts';
import { startServer } from './server.ts';

/**
 * The child process of the embedded store: waits for `start` over IPC, opens chdb, listens on loopback.
 *
 * It ends with its parent: an orphan would hold the lock of the data folder.
 */
const READERS = 3;
const MAX_WAITING = 64;
const MIB = 1024 * 1024;
/** What still runs may take so long after SIGTERM, or after the parent is gone. */
const STOP_GRACE_MS = 8_000;
const ORPHAN_GRACE_MS = 400;

const tell = (message: ChildMessage) => process.send?.(message);

async function serve(start: StartMessage): Promise<() => Promise<void>> {
	const engine = await openEngine({
		dataFolder: start.dataFolder,
		memoryBytes: start.memoryBytes,
		threads: start.threads,
		readers: READERS,
		maxWaiting: MAX_WAITING,
	});
	const server = await startServer({
		engine,
		port: start.port,
		credentials: start,
		maxQueryBytes: MIB,
		maxInsertBytes: 256 * MIB,
		maxResultBytes: 4096 * MIB,
		defaultExecutionSeconds: 60,
		stallMs: 60_000,
	});
	tell({ type: 'listening', port: server.port });
	return async () => {
		await Promise.all([server.close(), engine.close()]);
	};
}

function endWith(code: number): never {
	process.exit(code);
}

/** A query that still runs cannot be interrupted; chdb survives a kill, so the bound is kept that way. */
function killAfter(graceMs: number): void {
	setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
}

async function main(): Promise<void> {
	if (!process.send) {
		process.stderr.write('sigmascope store: this is a child process; `sigmascope start` starts it\n');
		endWith(EXIT.usage);
	}
	const started = new Promise<StartMessage>((resolve) => {
		process.once('message', (message) => resolve(message as StartMessage));
	});
	let stop = async (): Promise<void> => {};
	const end = (graceMs: number) => {
		killAfter(graceMs);
		void stop().then(() => endWith(EXIT.stopped));
	};
	process.once('disconnect', () => end(ORPHAN_GRACE_MS));
	process.once('SIGTERM', () => end(STOP_GRACE_MS));
	// The terminal sends it to the whole group; the parent decides when to stop.
	process.on('SIGINT', () => {});
	try {
		stop = await serve(await started);
	} catch (error) {
		const locked = error instanceof FolderLockedError;
		const message = error instanceof Error ? error.message : String(error);
		process.stderr.write(`sigmascope store: ${message}\n`);
		tell({ type: 'failed', kind: locked ? 'locked' : 'other', message });
		endWith(locked ? EXIT.locked : EXIT.failed);
	}
}

await main();
