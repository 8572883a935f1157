import { describe, expect, it } from 'vitest';
import type { LlmCall } from '#contracts/llm-call.ts';
import { NO_USAGE } from '#contracts/llm.ts';
import { EVER, T0, type StoreSubject } from './contract-subject.ts';
import type { CallsFilter } from './port.ts';

const NOTHING = {
	...{ connectMs: null, ttfcMs: null, ttftMs: null, tpotMs: null, chunkGapP95Ms: null, totalMs: null },
	...{ serverMs: null, queueMs: null, loadMs: null, ...NO_USAGE, costUsd: null, priceVersion: null },
	...{ errorClass: null, status: null, retries: null, finishReason: null, responseModel: null, fingerprint: null },
	...{ passed: null, traceId: null, spanId: null, firstTokenMicros: null },
	...{ promptClass: null, deployment: null, region: null, environment: null },
};

/** What every store has to do with calls of language models. */
export function callsContract({ store, now }: StoreSubject): void {
	let last = 0;
	/** One that says nothing but what it must; each has a model of its own. */
	const call = (more: Partial<LlmCall> = {}): LlmCall => {
		const n = ++last;
		const startedMicros = T0 + n;
		return {
			...{ id: `call-${n}`, site: 'calls', source: 'probe', provider: 'openai', model: `m${n}` },
			...{ startedMicros, endedMicros: startedMicros + 1000, ...NOTHING },
			...more,
		};
	};
	const insert = (calls: readonly LlmCall[], token = `calls-${last}`) =>
		store().insertCalls({ token, calls, receivedMicros: now() });
	const read = (filter: Partial<CallsFilter>) => store().calls({ sites: ['calls'], ...EVER, limit: 100, ...filter });

	describe('calls', () => {
		it('come back as they were, newest first; what is not known is null, not 0', async () => {
			const whole = call({
				...{ connectMs: 0, ttfcMs: 1.5, ttftMs: 2.25, tpotMs: 3, chunkGapP95Ms: 4, totalMs: 5, serverMs: 6 },
				...{ queueMs: 7, loadMs: 8, inputTokens: 0, outputTokens: 9, cachedTokens: 1, cacheWriteTokens: 2 },
				...{ reasoningTokens: 3, costUsd: 0.000012, priceVersion: "own '1'", errorClass: 'truncated', status: 200 },
				...{ retries: 0, finishReason: 'stop', responseModel: 'm-1', fingerprint: 'fp', passed: false },
				...{ traceId: 't', spanId: 's', promptClass: 'short', deployment: 'd', region: 'eu', environment: 'prod' },
				firstTokenMicros: T0 + 5,
			});
			const bare = call({ model: whole.model });
			await insert([whole, bare]);
			expect(await read({ model: whole.model })).toEqual([bare, whole]);
		});
		it('are there once, however often they are sent', async () => {
			const one = call();
			await insert([one], 'a');
			await insert([one], 'a');
			await insert([one], 'b');
			expect(await read({ model: one.model })).toEqual([one]);
		});
		it('are of one target, with null those that say nothing', async () => {
			const [plain, chat] = [call(), call({ promptClass: 'chat' })].map((one) => ({ ...one, model: 'of one target' }));
			await insert([plain!, chat!]);
			const of = (promptClass: string | null) => {
				const target = { promptClass, deployment: null, region: null, environment: null };
				return read({ model: 'of one target', target });
			};
			expect([await of(null), await of('chat')]).toEqual([[plain], [chat]]);
		});
		it('are counted by how they ended, the most frequent first', async () => {
			const ends = [null, 'network', null, 'overloaded', 'network', null] as const;
			await insert(ends.map((errorClass) => ({ ...call(), model: 'outcomes', errorClass })));
			expect(await store().callOutcomes({ sites: ['calls'], ...EVER, model: 'outcomes' })).toEqual([
				{ errorClass: null, calls: 3 },
				{ errorClass: 'network', calls: 2 },
				{ errorClass: 'overloaded', calls: 1 },
			]);
			expect(await store().callOutcomes({ sites: ['elsewhere'], ...EVER, model: 'outcomes' })).toEqual([]);
		});
		it('tell which versions answered, oldest first', async () => {
			const versions = ['v2', 'v1', 'v2', null];
			const calls = versions.map((responseModel) => ({ ...call(), model: 'versions', responseModel }));
			await insert(calls);
			const of = { site: 'calls', provider: 'openai', model: 'versions', source: 'probe' } as const;
			expect(await store().callVersions({ ...of, ...EVER })).toEqual([
				{ responseModel: 'v2', fingerprint: '', firstMicros: calls[0]!.startedMicros, calls: 2 },
				{ responseModel: 'v1', fingerprint: '', firstMicros: calls[1]!.startedMicros, calls: 1 },
			]);
		});
	});
}
