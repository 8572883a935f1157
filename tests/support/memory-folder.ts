import { chmodSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
/** What a journal leaves free on its disk, an image that is put together, and all that runs beside. */
const ENOUGH_BYTES = 8 * 1024 ** 3;

/**
 * For one run, the folder for temporary files lies in memory where there is plenty of it: hundreds of tests wait for a disk
 * to have what they are then done with. `kill -9` takes nothing from either. A container's usual 64 MB are not enough, and
 * then all is on the disk; `SIGMASCOPE_TEST_DISK=1` asks for that.
 */
export function setup(): (() => void) | undefined {
	if (process.env.SIGMASCOPE_TEST_DISK === '1' || !isFit()) return undefined;
	const folder = mkdtempSync(join(IN_MEMORY, 'sigmascope-'));
	// A test runs as another user, in a folder of its own below this one.
	chmodSync(folder, 0o711);
	const before = process.env.TMPDIR;
	process.env.TMPDIR = folder;
	return () => {
		if (before === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = before;
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	};
}

function isFit(): boolean {
	try {
		const [, , , flags = ''] = readFileSync('/proc/mounts', 'utf8')
			.split('\n')
			.map((line) => line.split(' '))
			.findLast(([, at]) => at === IN_MEMORY) ?? ['', '', '', 'noexec'];
		const { bavail, bsize } = statfsSync(IN_MEMORY);
		const isRunnable = !flags.split(',').includes('noexec');
		return isRunnable && bavail * bsize > ENOUGH_BYTES && process.availableMemory() > ENOUGH_BYTES;
	} catch {
		return false;
	}
}
