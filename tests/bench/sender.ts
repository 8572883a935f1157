import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, Sent } from './ingest-client.ts';

/** Starts the sender and waits until its bodies are built. */
export async function startSender(job: Job): Promise<{ go(): Promise<Sent> }> {
	const child = fork(fileURLToPath(new URL('./ingest-client.ts', import.meta.url)), { stdio: 'inherit' });
	child.send(job);
	await answerOf(child);
	return {
		go() {
			const answer = answerOf<Sent>(child);
			child.send('go');
			return answer;
		},
	};
}

function answerOf<T>(child: ChildProcess): Promise<T> {
	return new Promise((resolve, reject) => {
		child.once('message', (message) => resolve(message as T));
		child.once('exit', (code) => reject(new Error(`the sender ended with ${code}`)));
	});
}
