import type { OpenJournal } from './contract-subject.ts';

/**
 * The victim of the kill test: publishes numbered records as fast as it can, many at a time, and writes the number of
 * each acknowledged one to stdout. It never ends by itself.
 */
const IN_FLIGHT = 100;

async function run(module: string, folder: string): Promise<void> {
	const { open } = (await import(module)) as { open: OpenJournal };
	const journal = await open(folder);
	let seq = await journal.highestOf('child', 'e');
	const publishOne = async (): Promise<never> => {
		for (;;) {
			seq += 1;
			const number = seq;
			const bytes = new TextEncoder().encode(String(number).padEnd(500));
			await journal.publish({ topic: 'points', partition: 0, bytes, id: { source: 'child', epoch: 'e', seq: number } });
			// What is still in this process's buffer at the kill was acknowledged and not told: that may only be more.
			process.stdout.write(`${number}\n`);
		}
	};
	await Promise.all(Array.from({ length: IN_FLIGHT }, publishOne));
}

const [module, folder] = process.argv.slice(2);
if (module === undefined || folder === undefined) throw new Error('usage: contract-child.ts MODULE FOLDER');
await run(module, folder);
