import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Topic } from '../port.ts';
import { pragma } from './database.ts';

const CAP_SHARE_OF_FREE = 0.25;
// A check costs microseconds, but not for each of 20,000 publications a second.
const LOOK_EVERY_MS = 200;

/** What the outside sends; the rest is what readers write to get on, and only their getting on frees space. */
const INPUTS: ReadonlySet<Topic> = new Set(['points', 'calls', 'logs', 'events']);

/** The two bounds of the journal: its own byte cap and what the disk keeps for the store. */
export interface Space {
	/** @returns why these bytes cannot be taken now, or undefined when they can */
	fault(topic: Topic | undefined, bytes: number): string | undefined;
	/** @returns why inputs are refused now, or undefined while they are taken */
	refusing(): string | undefined;
	/** Looks at the file's size anew: after a commit, a rollback or a trim. */
	measure(): void;
	/** Bytes of pages in use. */
	bytes(): number;
	capBytes(): number;
}

export function createSpace(
	db: DatabaseSync,
	settings: { readonly file: string; readonly capBytes: number | undefined; readonly reserveBytes: number },
): Space {
	const folder = dirname(settings.file);
	const pageBytes = pragma(db, 'page_size');
	const pages = db.prepare('PRAGMA page_count');
	const unused = db.prepare('PRAGMA freelist_count');
	let used = 0;
	let pending = 0;
	let free = 0;
	let lookedAtMs = -Infinity;

	function measure(): void {
		used = (Number(pages.get()?.['page_count']) - Number(unused.get()?.['freelist_count'])) * pageBytes;
		pending = 0;
	}
	function look(): void {
		const nowMs = performance.now();
		if (nowMs - lookedAtMs < LOOK_EVERY_MS) return;
		const disk = statfsSync(folder);
		free = disk.bavail * disk.bsize;
		lookedAtMs = nowMs;
	}

	measure();
	look();
	// What the file holds already counts as free, or the cap would shrink with every restart.
	const capBytes = settings.capBytes ?? Math.floor((free + used) * CAP_SHARE_OF_FREE);

	function boundOf(isInput: boolean, bytes: number): string | undefined {
		look();
		// Readers get an eighth more than inputs: a verdict or snapshot that cannot be written would block the trim for ever.
		const cap = isInput ? capBytes : capBytes * 1.125;
		const reserve = isInput ? settings.reserveBytes : settings.reserveBytes / 2;
		if (used + pending + bytes > cap) return `it holds ${used + pending} bytes of at most ${Math.floor(cap)}`;
		if (free - pending - bytes < reserve) return `the disk has ${free} bytes free and ${reserve} are kept free`;
		return undefined;
	}

	return {
		fault(topic, bytes) {
			const bound = boundOf(topic !== undefined && INPUTS.has(topic), bytes);
			if (bound === undefined) pending += bytes;
			return bound;
		},
		refusing: () => boundOf(true, 0),
		measure,
		bytes: () => used,
		capBytes: () => capBytes,
	};
}
