import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '#contracts/error.ts';
import { type Finding, fail, graded, ok, spellBytes, warn } from './finding.ts';

/** The journal leaves this much of the disk to others and refuses points below it. */
const RESERVE_BYTES = 2 * 1024 ** 3;
const ROOMY_BYTES = 10 * 1024 ** 3;
const FSYNCS = 20;
/** Each acknowledgement waits for one: at 20 ms a sender that waits gets 50 batches a second. */
const SLOW_FSYNC_MS = 20;
const HOPELESS_FSYNC_MS = 250;

/** Where the data are, or will be: what of the path is there already. */
export function nearestFolder(path: string): string {
	let at = resolve(path);
	while (!existsSync(at)) at = dirname(at);
	return at;
}

export function diskFindings(dataFolder: string, nowMs: () => number): Finding[] {
	const folder = nearestFolder(dataFolder);
	return [freeSpace(folder), ...fsyncLatency(folder, nowMs), ...permissions(dataFolder)];
}

function freeSpace(folder: string): Finding {
	const disk = statfsSync(folder);
	const free = disk.bavail * disk.bsize;
	const percent = Math.round((100 * free) / Math.max(1, disk.blocks * disk.bsize));
	return graded('disk.free', {
		found: `${spellBytes(free)} free (${percent} %) at ${folder}`,
		mend: `points are refused (503, senders spool) when less than ${spellBytes(RESERVE_BYTES)} is free: make room, shorten retention, or move SIGMASCOPE_DATA`,
		isFail: free < RESERVE_BYTES,
		isWarn: free < ROOMY_BYTES,
	});
}

/** What a group commit of the journal does: write a little, wait for the disk. */
function fsyncLatency(folder: string, nowMs: () => number): Finding[] {
	const file = join(folder, `.sigmascope-doctor-${process.pid}`);
	const block = Buffer.alloc(16_384, 7);
	try {
		const handle = openSync(file, 'wx', 0o600);
		try {
			const times = Array.from({ length: FSYNCS }, () => {
				const since = nowMs();
				writeSync(handle, block);
				fsyncSync(handle);
				return nowMs() - since;
			}).sort((a, b) => a - b);
			const median = times[FSYNCS / 2] ?? 0;
			const worst = times.at(-1) ?? 0;
			return [
				graded('disk.fsync', {
					found: `write and fsync of 16 kB: ${median.toFixed(2)} ms in the middle, ${worst.toFixed(1)} ms at worst, of ${FSYNCS}`,
					mend: 'every acknowledgement waits for one fsync: use a local SSD, no network folder, no disk that others keep busy',
					isFail: median > HOPELESS_FSYNC_MS,
					isWarn: median > SLOW_FSYNC_MS,
				}),
			];
		} finally {
			closeSync(handle);
			rmSync(file, { force: true });
		}
	} catch (error) {
		return [
			fail(
				'disk.write',
				`cannot write to ${folder}: ${messageOf(error)}`,
				`let user ${userInfo().username} write there (chown, or run as its owner), or set SIGMASCOPE_DATA`,
			),
		];
	}
}

/** Who else may read what lies there: the start token is the owner's right to everything. */
function permissions(dataFolder: string): Finding[] {
	if (process.platform === 'win32' || !existsSync(dataFolder)) return [];
	return [dataFolder, join(dataFolder, 'start-token')].filter(existsSync).map((path) => {
		const mode = statSync(path).mode & 0o777;
		const found = `${path} has mode ${mode.toString(8)}`;
		if ((mode & 0o077) === 0) return ok('disk.permissions', found);
		return warn('disk.permissions', found, `others on this machine can read it: chmod go-rwx ${path}`);
	});
}
