import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenJournal } from './contract-subject.ts';
import { readSome, textOf, toBytes } from './contract-reading.ts';
import type { Journal, Topic } from './port.ts';
import { SeqConflictError } from './port.ts';

type Step =
	| {
			readonly do: 'publish';
			readonly topic: Topic;
			readonly partition: number;
			readonly number: number;
			readonly size: number;
	  }
	| { readonly do: 'fenced'; readonly topic: Topic; readonly partition: number; readonly off: number }
	| { readonly do: 'trim'; readonly topic: Topic; readonly partition: number; readonly share: number }
	| { readonly do: 'reopen' };

interface Kept {
	readonly seq: number;
	readonly topic: Topic;
	readonly partition: number;
	readonly text: string;
}

const topic = fc.constantFrom<Topic>('points', 'commands', 'verdicts');
const partition = fc.constantFrom(0, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 8,
		arbitrary: fc.record({
			do: fc.constant('publish' as const),
			topic,
			partition,
			number: fc.integer({ min: 1, max: 40 }),
			size: fc.integer({ min: 0, max: 9000 }),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant('fenced' as const), topic, partition, off: fc.constantFrom(0, 0, 1) }),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('trim' as const),
			topic,
			partition,
			share: fc.double({ min: 0, max: 1, noNaN: true }),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

/** The journal as a list: what any order of calls must come to. */
function createModel() {
	let kept: Kept[] = [];
	let lastSeq = 0;
	let highest = 0;
	const lasts = new Map<string, number>();
	const lastOf = (topic: Topic, partition: number) => lasts.get(`${topic} ${partition}`) ?? 0;
	return {
		lastOf,
		records: (topic: Topic, partition: number) => kept.filter((r) => r.topic === topic && r.partition === partition),
		isDuplicate: (number: number) => number <= highest,
		add(record: Omit<Kept, 'seq'>, number = 0) {
			lastSeq += 1;
			highest = Math.max(highest, number);
			lasts.set(`${record.topic} ${record.partition}`, lastSeq);
			kept.push({ seq: lastSeq, ...record });
			return lastSeq;
		},
		trim(topic: Topic, partition: number, beforeSeq: number) {
			kept = kept.filter((r) => r.topic !== topic || r.partition !== partition || r.seq >= beforeSeq);
		},
		lastSeq: () => lastSeq,
	};
}
type Model = ReturnType<typeof createModel>;

async function publish(journal: Journal, model: Model, step: Extract<Step, { do: 'publish' }>): Promise<void> {
	const { topic, partition, number, size } = step;
	const text = `${number} `.padEnd(size, 'x');
	const id = { source: 's', epoch: 'e', seq: number };
	const published = await journal.publish({ topic, partition, bytes: toBytes(text), id });
	expect(published.duplicate).toBe(model.isDuplicate(number));
	if (!published.duplicate) expect(published.seq).toBe(model.add({ topic, partition, text }, number));
}

async function fenced(journal: Journal, model: Model, step: Extract<Step, { do: 'fenced' }>): Promise<void> {
	const { topic, partition, off } = step;
	const expectSeq = model.lastOf(topic, partition) + off;
	const publishing = journal.publish({ topic, partition, bytes: toBytes('fenced'), expectSeq });
	if (off === 0) expect((await publishing).seq).toBe(model.add({ topic, partition, text: 'fenced' }));
	else await expect(publishing).rejects.toThrow(SeqConflictError);
}

async function compare(journal: Journal, model: Model): Promise<void> {
	for (const topic of ['points', 'commands', 'verdicts'] as const) {
		for (const partition of [0, 1]) {
			const wanted = model.records(topic, partition);
			const range = { topics: [topic], partition, fromSeq: 1, count: wanted.length };
			const records = await readSome(journal, range);
			expect(records.map((r) => [r.seq, textOf(r)])).toEqual(wanted.map((r) => [r.seq, r.text]));
			expect(await journal.lastSeq(topic, partition)).toBe(model.lastOf(topic, partition));
		}
	}
}

export function modelContract(open: OpenJournal): void {
	async function check(steps: readonly Step[]): Promise<void> {
		const folder = await mkdtemp(join(tmpdir(), 'journal-'));
		let journal = await open(folder);
		const reopen = async () => {
			await journal.close();
			journal = await open(folder);
		};
		const model = createModel();
		for (const step of [...steps, { do: 'reopen' } as const]) {
			if (step.do === 'publish') await publish(journal, model, step);
			if (step.do === 'fenced') await fenced(journal, model, step);
			if (step.do === 'reopen') await reopen();
			if (step.do === 'trim') {
				const beforeSeq = Math.round(model.lastSeq() * step.share);
				await journal.trim({ topics: [step.topic], partition: step.partition, beforeSeq });
				model.trim(step.topic, step.partition, beforeSeq);
			}
		}
		await compare(journal, model);
		await journal.close();
		await rm(folder, { recursive: true });
	}

	it('any order of publishing, resending, fencing, trimming and restarting comes to what a list would hold', async () => {
		await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), check), { numRuns: 15 });
	});
}
