import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { NO_USAGE } from '#contracts/llm.ts';
import { createPriceBook, type DatedPrice } from './price-book.ts';
import { loadPrices, type Prices } from './price.ts';

let list: Prices;
beforeAll(async () => void (list = await loadPrices()));

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) * 1000;
const own = (more: Partial<DatedPrice>): DatedPrice => ({
	...{ provider: 'openai', model: 'gpt-4o', fromMicros: 0, inputPerMTok: 1, outputPerMTok: 2 },
	...more,
});
const usage = { ...NO_USAGE, inputTokens: 1_000_000, outputTokens: 1_000_000 };
const costOf = (prices: readonly DatedPrice[], more: { provider?: string; model?: string; at?: string } = {}) => {
	const { provider = 'openai', model = 'gpt-4o', at = '2026-06-01' } = more;
	return createPriceBook(list, prices).costOf({ provider, model, usage, atMicros: day(at) });
};

describe('the price of a call', () => {
	it('is of the list, whose version is that of its package', () => {
		const { version } = JSON.parse(readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8')) as {
			version: string;
		};
		expect(costOf([])).toEqual({ usd: 12.5, version: `genai-prices ${version}` });
	});
	it('is one’s own before that of the list', () => expect(costOf([own({})])).toEqual({ usd: 3, version: 'own' }));
	const prices = [own({ fromMicros: day('2026-03-01') }), own({ fromMicros: day('2026-05-01'), outputPerMTok: 9 })];
	it('is the newest that held at the time', () =>
		expect(costOf(prices)).toEqual({ usd: 10, version: 'own 2026-05-01' }));
	it('is an older one for an older call', () =>
		expect(costOf(prices, { at: '2026-04-01' })).toEqual({ usd: 3, version: 'own 2026-03-01' }));
	it('is of the list before one’s own began', () => expect(costOf(prices, { at: '2026-02-01' })?.usd).toBe(12.5));
	it('is of this model only', () => expect(costOf([own({ model: 'other' })])?.usd).toBe(12.5));
	it.each(['azure.ai.openai', 'azure'])('is found under the name that OpenTelemetry has: %s', (provider) =>
		expect(costOf([], { provider })?.usd).toBeGreaterThan(0),
	);
	it('is not known for what nobody has priced', () => expect(costOf([], { model: 'of-our-own' })).toBeNull());
	it('is not known of a provider called as something of JavaScript’s', () =>
		expect(costOf([], { provider: 'constructor' })).toBeNull());
});
