import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTime } from '#contracts/time.ts';
import { isDocumentKind, type DeclaredStream } from '#contracts/collect.ts';
import { rowsOf, type Message } from './spool-message.ts';
import { decodeRows, gapsInstead, hull, type Part } from './spool-part.ts';

/** Where a collector keeps what the hub will never take, so that a person can look at it, mend it and send it again. */
export interface Refused {
	/** Idempotent: the same message leaves the same files. @returns false when the folder is full and it is only counted */
	keep(refusal: Refusal): boolean;
	/** Messages refused since this was made. */
	count(): number;
}

interface Refusal {
	readonly epoch: string;
	readonly message: Message;
	readonly declaration: (streamId: number) => DeclaredStream;
	readonly error: string;
}

/** A hub that refuses everything must not fill the disk. The first are kept: they are nearest to the cause. */
const MOST_FILES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;

const DOCUMENT_WORDS = { logs: 'lines of logs', calls: 'calls of language models', events: 'events' } as const;
const WAYS = { rows: '/api/v1/points', logs: '/api/v1/logs' } as const;

/**
 * `<epoch>-<seq>.txt` says what was refused, why, and how to send it again; `<epoch>-<seq>.ndjson` has the points in the
 * words of `POST /api/v1/points`, or the lines in those of `POST /api/v1/logs`; calls as they were.
 *
 * Throws what the file system says when the folder cannot be written.
 */
export function createRefused(options: {
	readonly folder: string;
	readonly collector: string;
	readonly hubUrl: string;
	readonly mostBytes?: number;
}): Refused {
	const { folder, mostBytes = MOST_BYTES } = options;
	let refused = 0;
	return {
		count: () => refused,
		keep(refusal) {
			refused++;
			mkdirSync(folder, { recursive: true });
			const files = readdirSync(folder);
			if (files.length >= MOST_FILES || sizeOf(folder, files) >= mostBytes) return false;
			const { epoch, message } = refusal;
			const name = `${epoch}-${String(message.seq).padStart(12, '0')}`;
			if (message.kind === 'rows') writeFileSync(join(folder, `${name}.ndjson`), linesOf(message.body, refusal));
			else if (message.kind !== 'gap') writeFileSync(join(folder, `${name}.ndjson`), message.body);
			writeFileSync(join(folder, `${name}.txt`), explain(refusal, { ...options, name }));
			return true;
		},
	};
}

function sizeOf(folder: string, files: readonly string[]): number {
	return files.reduce((sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function explain(
	{ epoch, message, declaration, error }: Refusal,
	{ collector, hubUrl, name }: { readonly collector: string; readonly hubUrl: string; readonly name: string },
): string {
	const lines = [`What:  message ${message.seq} of collector ${collector}, numbering ${epoch}`];
	for (const { stream, from, to } of hull(gapsInstead(partOf(message), ''), ''))
		lines.push(`       ${declaration(stream).key}, ${timeText(from)} to ${timeText(to)}`);
	if (isDocumentKind(message.kind)) lines.push(`       ${rowsOf(message)} ${DOCUMENT_WORDS[message.kind]}`);
	lines.push(`Why:   ${error}`);
	if (message.kind === 'gap')
		lines.push(`Again: this was no data, but the note that there was none (${message.gap.reason}); it can be deleted`);
	else if (message.kind === 'calls')
		lines.push('Again: the points of these calls travel by themselves; the lines are for a person to look at');
	else if (message.kind === 'events')
		lines.push('Again: tell them by hand, in the words of POST /api/v1/events; then delete both files');
	else
		lines.push(
			'Again: mend the cause, or the lines, and in this folder:',
			`       curl -H "Authorization: Bearer $KEY" -H 'Content-Type: application/x-ndjson' \\`,
			`         ${hubUrl}${WAYS[message.kind]} --data-binary @${name}.ndjson`,
			message.kind === 'logs'
				? '       Then delete both files.'
				: '       Then delete both files. What came later is stored already, so these points will be marked late, not judged.',
		);
	return `${lines.join('\n')}\n`;
}

function partOf(message: Message): Part {
	return message.kind === 'gap' ? { kind: 'gaps', gaps: [message.gap] } : message;
}

function linesOf(body: Uint8Array, { declaration }: Refusal): string {
	return decodeRows(body)
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
