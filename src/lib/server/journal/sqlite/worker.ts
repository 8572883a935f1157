import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { ConfigError, messageOf } from '#contracts/error.ts';
import { createCommit } from './commit.ts';
import { generationOf, openDatabase } from './database.ts';
import { createLog } from './log.ts';
import type { CommitRequest, FromWorker, Question, ToWorker, WorkerSettings } from './messages.ts';
import { createAnswers } from './answers.ts';
import type { Answers } from './answers.ts';
import { createSources } from './sources.ts';
import { createSpace } from './space.ts';

/** One transaction takes at most about this much, so that nobody waits long for the commit of others. */
const GROUP_BYTES = 16 * 1024 * 1024;

/** The journal's thread: the only one that touches the file. SQLite calls block, and here they block nobody. */
function run(port: MessagePort, settings: WorkerSettings): void {
	const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
	try {
		const db = openDatabase(settings.file);
		const log = createLog(db);
		const sources = createSources(db);
		const space = createSpace(db, settings);
		const commit = createCommit({ db, log, sources, space });
		const answers = createAnswers({ db, log, sources, space });
		const group = (requests: readonly CommitRequest[]) => {
			const startMs = performance.now();
			const results = commit(requests);
			const commitMs = performance.now() - startMs;
			const bytes = space.bytes();
			requests.forEach(({ packed }, i) =>
				say({ type: 'committed', results: results[i] ?? [], packed, commitMs, bytes }, [packed]),
			);
		};
		port.on('message', (first: ToWorker) => serve(first, { port, group, answers, say }));
		say({ type: 'ready', generation: generationOf(db), lastSeq: log.lastSeq(), capBytes: space.capBytes() });
	} catch (error) {
		say({ type: 'unusable', message: messageOf(error), mendable: error instanceof ConfigError });
		port.close();
	}
}

interface Serving {
	readonly port: MessagePort;
	readonly group: (requests: readonly CommitRequest[]) => void;
	readonly answers: Answers;
	readonly say: (message: FromWorker, transfer?: ArrayBuffer[]) => void;
}

/** Takes what has arrived meanwhile, too: writes first, in one transaction, then the questions. */
function serve(first: ToWorker, { port, group, answers, say }: Serving): void {
	const requests: CommitRequest[] = [];
	const asked: { readonly id: number; readonly question: Question }[] = [];
	let bytes = 0;
	for (let message: ToWorker | undefined = first; message; message = bytes < GROUP_BYTES ? take(port) : undefined) {
		if (message.type === 'ask') asked.push(message);
		else {
			requests.push(message);
			bytes += message.packed.byteLength;
		}
	}
	if (requests.length > 0) group(requests);
	for (const { id, question } of asked) {
		answers.give(question, {
			done: (answer, transfer) => say({ type: 'answer', id, answer }, transfer),
			failed: (error) => say({ type: 'fault', id, message: messageOf(error) }),
		});
	}
}

function take(port: MessagePort): ToWorker | undefined {
	return receiveMessageOnPort(port)?.message as ToWorker | undefined;
}

if (parentPort) run(parentPort, workerData as WorkerSettings);
