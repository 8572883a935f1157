import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime } from '#contracts/time.ts';
import type { DeclaredStream } from '#contracts/collect.ts';
import type { Message } from './spool-message.ts';
import { decodeRows } from './spool-part.ts';

/** Where a collector keeps what the hub will never take, so that a person can look at it, mend it and send it again. */
export interface Refused {
	/** Idempotent: the same message leaves the same file. */
	keep(refusal: {
		readonly epoch: string;
		readonly message: Message;
		readonly declaration: (streamId: number) => DeclaredStream;
		readonly error: string;
	}): void;
	/** Messages refused since this was made. */
	count(): number;
}

/** A hub that refuses everything must not fill the disk; what is over is counted only. */
const MAX_FILES = 1000;

/**
 * `<epoch>-<seq>.ndjson` has the lines of `POST /api/v1/points`; `<epoch>-<seq>.error.txt` says why.
 *
 * Throws what the file system says when the folder cannot be written.
 */
export function createRefused(folder: string): Refused {
	let refused = 0;
	return {
		count: () => refused,
		keep({ epoch, message, declaration, error }) {
			refused++;
			mkdirSync(folder, { recursive: true });
			if (readdirSync(folder).length >= 2 * MAX_FILES) return;
			const name = join(folder, `${epoch}-${String(message.seq).padStart(12, '0')}`);
			writeFileSync(`${name}.ndjson`, linesOf(message, declaration));
			writeFileSync(`${name}.error.txt`, `${error}\n`);
		},
	};
}

function linesOf(message: Message, declaration: (streamId: number) => DeclaredStream): string {
	if (message.kind === 'gap') {
		const { stream, from, to, reason } = message.gap;
		return `${JSON.stringify({ gap: { stream: declaration(stream).key, from, to, reason } })}\n`;
	}
	return decodeRows(message.body)
		.map(({ stream, tMicros, v, quality }) => {
			const { key, unit, labels } = declaration(stream);
			return `${JSON.stringify({ stream: key, t: timeText(tMicros), v, quality, unit, labels })}\n`;
		})
		.join('');
}

/** A time that a calendar cannot show stays a number: it may be what was refused. */
function timeText(tMicros: number): string | number {
	return Math.abs(tMicros) <= 8.64e18 ? formatTime(tMicros) : tMicros;
}
