import { ConfigError, messageOf } from '#contracts/error.ts';
import type { DeclaredStream } from '#contracts/collect.ts';
import type { Hub } from '../hub.ts';
import { type Checkpoint, type CheckpointFile, firstRun } from './checkpoint.ts';
import type { FileFacts, FileReader } from './file.ts';
import type { Progress } from './progress.ts';
import { createImportSender, type ImportSender } from './sender.ts';
import type { FileStreams } from './streams.ts';

export interface ImportRun {
	readonly file: string;
	readonly facts: FileFacts;
	readonly reader: FileReader;
	readonly streams: FileStreams;
	readonly hub: Hub;
	readonly site: string | undefined;
	/** What the hub knows this import by, together with the checkpoint's epoch. */
	readonly collector: string;
	readonly checkpoint: Checkpoint;
	readonly checkpoints: CheckpointFile;
	readonly progress: Progress;
	readonly nowMicros: number;
	readonly nowMs: () => number;
	/** Aborts to stop where it stands. */
	readonly signal: AbortSignal;
}

export interface ImportResult {
	/** Sent in this run and in the hub's journal. */
	readonly points: number;
	readonly gaps: number;
	readonly faults: number;
	/** The first twenty. */
	readonly faultLines: readonly string[];
	/** Whose rows the hub has set aside. */
	readonly refusedStreams: readonly DeclaredStream[];
}

const MAX_FAULT_LINES = 20;
const PATIENCE_MS = 60_000;
const CHECKPOINT_EVERY_MS = 1000;

/** Reads a file and sends it as history: each message once, however often this is stopped, killed or run again. */
export async function runImport(run: ImportRun): Promise<ImportResult> {
	const counts = { points: 0, gaps: 0, faults: 0 };
	const faultLines: string[] = [];
	const fault = (line: string) => {
		counts.faults++;
		if (faultLines.length < MAX_FAULT_LINES) faultLines.push(line);
	};
	const { sender, from, marks } = await open(run, fault);
	let seq = from.seq;
	try {
		for await (const piece of run.reader({ place: from.place, nowMicros: run.nowMicros, fault })) {
			for (const message of piece.messages) {
				seq++;
				if (run.signal.aborted) throw interrupted('interrupted');
				if (seq <= sender.acked()) continue;
				await sender.send(seq, message);
				if ('gap' in message) counts.gaps++;
				else counts.points += message.count;
			}
			marks.push({ seq, place: piece.place });
			const { points, faults } = counts;
			run.progress.show({ doneBytes: piece.doneBytes, points, faults, trouble: sender.trouble() });
		}
		await sender.flushed();
		marks.save('now');
		const refusedStreams = run.streams.declared.length > 0 ? await sender.refusedStreams() : [];
		return { ...counts, faultLines, refusedStreams };
	} catch (error) {
		marks.save('now');
		throw error instanceof ConfigError ? error : interrupted(messageOf(error));
	} finally {
		sender.stop();
		run.progress.end();
	}
}

function interrupted(reason: string): ConfigError {
	return new ConfigError(
		`the import is not finished (${reason}); run the same command again and it goes on where it was`,
	);
}

/** A sender that has been welcomed, where the file is to be read from, and what is noted on the way. */
async function open(run: ImportRun, fault: (line: string) => void) {
	let from = run.checkpoint;
	let opened = connect(run, from, fault);
	if ((await welcomed(opened.sender)) < from.seq) {
		// The hub's data were replaced by older ones: it has to get all of it anew.
		opened.sender.stop();
		from = firstRun(run.facts, String(run.nowMicros));
		opened = connect(run, from, fault);
		await welcomed(opened.sender);
	}
	return { ...opened, from };
}

async function welcomed(sender: ImportSender): Promise<number> {
	try {
		return await sender.connected();
	} catch (error) {
		throw interrupted(messageOf(error));
	}
}

function connect(run: ImportRun, from: Checkpoint, fault: (line: string) => void) {
	const marks = createMarks(run, from);
	const sender = createImportSender({
		hubUrl: run.hub.url,
		key: run.hub.key,
		collector: run.collector,
		epoch: from.epoch,
		site: run.site,
		streams: run.streams.declared,
		onAck: (seq) => marks.acked(seq),
		onRefused: (seq, error) => fault(`${run.file}: the hub refused message ${seq} for good: ${error}`),
		patienceMs: PATIENCE_MS,
	});
	return { sender, marks };
}

/** Where pieces end, until the hub has them; then the newest is noted, once a second at most. */
function createMarks({ checkpoints, facts, nowMs }: ImportRun, { epoch, seq }: Checkpoint) {
	let waiting: { readonly seq: number; readonly place: unknown }[] = [];
	let reached: { readonly seq: number; readonly place: unknown } | undefined;
	let ackedTo = seq;
	let savedMs = nowMs();

	function advance(): void {
		const left = waiting.findIndex((mark) => mark.seq > ackedTo);
		reached = waiting[(left < 0 ? waiting.length : left) - 1] ?? reached;
		waiting = left < 0 ? [] : waiting.slice(left);
	}

	function save(when: 'now' | 'when due'): void {
		if (when === 'when due' && nowMs() - savedMs < CHECKPOINT_EVERY_MS) return;
		advance();
		savedMs = nowMs();
		if (reached !== undefined) checkpoints.write({ epoch, seq: reached.seq, place: reached.place, facts });
	}

	return {
		push: (mark: { readonly seq: number; readonly place: unknown }) => void waiting.push(mark),
		acked(to: number): void {
			ackedTo = to;
			save('when due');
		},
		save,
	};
}
