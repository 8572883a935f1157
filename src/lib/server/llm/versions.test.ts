import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { NewEvent, SiteEvent } from '#contracts/event.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import type { EventFilter } from '../metadata/port-events.ts';
import type { PriceBook } from '#lib/llm/price-book.ts';
import { callOf } from './call.ts';
import { createVersionWatch } from './versions.ts';

const HOUR = 3_600_000_000;
const T0 = 1_800_000_000_000_000;
const prices: PriceBook = { costOf: () => null };

type More = Partial<{ site: string; model: string; fingerprint: string }>;

function call(responseModel: string | null, hours = 0, more: More = {}): LlmCall {
	const { site = 'a', model = 'gpt-4o', fingerprint } = more;
	const input = { provider: 'openai', model, startedAt: T0 + hours * HOUR, responseModel, fingerprint };
	return callOf(input, { id: String(hours), site, source: 'api', prices });
}

/** Events as metadata keeps them, over restarts of the watch. */
function createEvents() {
	const told: SiteEvent[] = [];
	return {
		told,
		add: async (event: NewEvent) => {
			const kept = { ...event, id: String(told.length) };
			told.push(kept);
			return kept;
		},
		list: async ({ sites, of, limit }: EventFilter) => ({
			items: [...told]
				.filter(({ site, streams }) => sites.includes(site) && streams.includes(of?.key ?? ''))
				.sort((a, b) => b.fromMicros - a.fromMicros)
				.slice(0, limit),
			cursor: null,
		}),
	};
}

async function titles(...runs: LlmCall[][]): Promise<string[]> {
	const events = createEvents();
	for (const calls of runs) {
		const watch = createVersionWatch({ events, log: pino({ level: 'silent' }) });
		for (const one of calls) watch.see([one]);
		await watch.settled();
	}
	return events.told.map(({ title }) => title);
}

describe('versions of a model', () => {
	it('the first is told as such', async () =>
		expect(await titles([call('gpt-4o-1')])).toEqual(['gpt-4o answers as gpt-4o-1']));
	it('the same again is no news', async () => expect(await titles([call('v1'), call('v1', 90)])).toHaveLength(1));
	it('another is, with the one before', async () =>
		expect(await titles([call('v1'), call('v2', 1)])).toEqual([
			'gpt-4o answers as v1',
			'gpt-4o answers as v2, before as v1',
		]));
	it('two that take turns are told once each', async () =>
		expect(await titles([call('v1'), call('v2', 1), call('v1', 2), call('v2', 3)])).toHaveLength(2));
	it('one that comes back after days is news', async () =>
		expect(await titles([call('v1'), call('v2', 1), call('v2', 40), call('v1', 41)])).toHaveLength(3));
	it('a start forgets nothing', async () => {
		expect(await titles([call('v1')], [call('v1', 1)])).toHaveLength(1);
		expect(await titles([call('v1')], [call('v2', 1)])).toHaveLength(2);
	});
	const printed = (fingerprint: string, hours: number) => call('v1', hours, { fingerprint });
	it('another deployment behind one is told of, the first with the version', async () =>
		expect(await titles([printed('fp_a', 0), printed('fp_a', 1), printed('fp_b', 2), printed('fp_a', 3)])).toEqual([
			'gpt-4o answers as v1',
			'gpt-4o answers with fingerprint fp_b, before with fp_a',
		]));
	it('another deployment that came with another version is told of once', async () =>
		expect(await titles([printed('fp_a', 0), call('v2', 1, { fingerprint: 'fp_b' })])).toHaveLength(2));
	it('a fingerprint for each answer says nothing', async () =>
		expect((await titles(Array.from({ length: 60 }, (_, i) => printed(`fp_${i}`, i)))).length).toBeLessThan(10));
	it('are those of one model on one site', async () =>
		expect(await titles([call('v'), call('v', 0, { model: 'gpt-5' }), call('v', 0, { site: 'b' })])).toHaveLength(3));
	it('are not known of answers that name none', async () => expect(await titles([call(null), call('')])).toEqual([]));
	it('with control characters are one line', async () =>
		expect(await titles([call('v\u202e\n1')])).toEqual(['gpt-4o answers as v  1']));
	it('that cannot be kept hold up nothing', async () => {
		const fail = () => Promise.reject(new Error('disk full'));
		const watch = createVersionWatch({ events: { add: fail, list: fail }, log: pino({ level: 'silent' }) });
		watch.see([call('v1')]);
		await expect(watch.settled()).resolves.toBeUndefined();
	});
});
