import { createHash } from 'node:crypto';
import { Counter, type Registry } from 'prom-client';
import { InputError, type InputFault } from '#contracts/error.ts';
import { documentsOf } from '#contracts/json-documents.ts';
import { encodeLogs, type LogLine } from '#contracts/log-line.ts';
import { readLine } from '#contracts/log-read.ts';
import type { Principal } from '#contracts/principal.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Ingest } from '#server/ingest/port.ts';
import type { Journal } from '#server/journal/port.ts';
import type { Knowledge, LogsAnswer } from '../port.ts';
import { linesOfCsv } from './csv.ts';

type Request = Parameters<Knowledge['logs']['take']>[0];

const MAX_FAULTS = 100;
/** So that a journal record, and an insert of them, stays small. */
const LINES_PER_RECORD = 2000;
const CHARS_PER_RECORD = 1024 * 1024;
/** A shipper that got no answer sends the same bytes again. */
const RESEND_MS = 600_000;

interface Batch {
	readonly lines: LogLine[];
	readonly errors: InputFault[];
	refused: number;
	/** Some line has the time at which it came. */
	stamped: boolean;
}

/** Lines of logs into the journal. */
export function createLogs(parts: {
	readonly journal: Pick<Journal, 'publishAll'>;
	readonly ingest: Pick<Ingest, 'spend'>;
	readonly partition: number;
	readonly now: NowMicros;
	readonly registry: Registry;
}): Knowledge['logs'] {
	const counted = new Counter({
		name: 'sigmascope_logs_taken_total',
		help: 'Lines of logs that came, by what became of them',
		labelNames: ['result'],
		registers: [parts.registry],
	});

	async function publish(request: Request, { lines, stamped }: Batch): Promise<number> {
		const { principal, idempotencyKey, body } = request;
		const receivedMicros = parts.now();
		const id = (i: number) => {
			if (idempotencyKey !== undefined)
				return { id: { key: `logs:${keyOf(principal, ['key', idempotencyKey])}:${i}` } };
			if (stamped) return {};
			const key = `logs:${keyOf(principal, ['body', createHash('sha256').update(body).digest('hex')])}:${i}`;
			return { id: { key, keptMs: RESEND_MS } };
		};
		const records = recordsOf(lines);
		const results = await parts.journal.publishAll(
			records.map((some, i) => ({
				topic: 'logs' as const,
				partition: parts.partition,
				bytes: encodeLogs({ site: principal.writeSite, receivedMicros, lines: some }),
				...id(i),
			})),
		);
		return records.reduce((sum, some, i) => sum + (results[i]?.duplicate === true ? some.length : 0), 0);
	}

	return {
		async take(request): Promise<LogsAnswer> {
			const batch: Batch = { lines: [], errors: [], refused: 0, stamped: false };
			await readInto(batch, request, parts.now());
			const { lines, errors, refused } = batch;
			parts.ingest.spend(request.principal, lines.length + refused);
			counted.inc({ result: 'refused' }, refused);
			if (lines.length === 0) throw nothingGood(batch);
			const duplicates = await publish(request, batch);
			const accepted = lines.length - duplicates;
			counted.inc({ result: 'accepted' }, accepted);
			counted.inc({ result: 'duplicate' }, duplicates);
			return { accepted, duplicates, refused, errors };
		},
	};
}

async function readInto(batch: Batch, request: Request, nowMicros: number): Promise<void> {
	const { body, contentType, columns } = request;
	const refuse = (fault: InputFault) => {
		batch.refused++;
		if (batch.errors.length < MAX_FAULTS) batch.errors.push(fault);
	};
	if (columns !== undefined) {
		for await (const found of linesOfCsv(body, columns, nowMicros))
			if ('fault' in found) refuse(found.fault);
			else batch.lines.push(found.line);
		return;
	}
	for await (const found of documentsOf(body, contentType)) {
		if ('fault' in found) {
			refuse(found.fault);
			continue;
		}
		const read = readLine(found.item, nowMicros);
		if ('fault' in read) {
			const { path, message } = read.fault;
			refuse({ path: found.at(path), message: found.prefix(path) + message });
			continue;
		}
		batch.stamped ||= read.stamped;
		batch.lines.push(read.line);
	}
}

function nothingGood({ errors, refused }: Batch): InputError {
	const [first] = errors;
	if (first === undefined) return new InputError('there are no lines in the body');
	const more = refused > 1 ? ` (and ${refused - 1} more)` : '';
	return new InputError(`${first.path}: ${first.message}${more}`, errors);
}

function recordsOf(lines: readonly LogLine[]): LogLine[][] {
	const records: LogLine[][] = [];
	let chars = Infinity;
	for (const line of lines) {
		const last = records.at(-1);
		if (last === undefined || last.length >= LINES_PER_RECORD || chars >= CHARS_PER_RECORD) {
			records.push([line]);
			chars = line.text.length;
		} else {
			last.push(line);
			chars += line.text.length;
		}
	}
	return records;
}

/** A key means the same request only when the same sender repeats it. */
function keyOf({ kind, name, writeSite }: Principal, of: readonly string[]): string {
	return createHash('sha256')
		.update(JSON.stringify([kind, name, writeSite, ...of]))
		.digest('hex');
}
