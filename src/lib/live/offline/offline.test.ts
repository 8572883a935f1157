import { afterEach, describe, expect, it, vi } from 'vitest';
import { cutToKeep, KEPT_MS, readLastState, type LastState, type LastStream } from './last-state.ts';
import { offlinePage } from './page.ts';
import { createLastStateStore } from './store.ts';
import { isOurs, visit } from './visit.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const stream = (change: Partial<LastStream> = {}): LastStream => ({
	key: 'press-1/force',
	site: 'plant-a',
	standing: 'in-control',
	value: '21.5 kN',
	tMs: NOW - 13 * MINUTE,
	...change,
});
const state = (change: Partial<LastState> = {}): LastState => ({
	version: 1,
	who: 'person:7',
	savedMs: NOW - 12 * MINUTE,
	language: 'en',
	theme: 'dark',
	streams: [stream()],
	violations: [],
	of: { streams: 1, violations: 0 },
	...change,
});
const pageOf = (of: LastState | undefined) => offlinePage({ state: of, nowMs: NOW, language: 'en', css: '' });

describe('the page for when nobody answers', () => {
	it('says how old everything on it is', () => expect(pageOf(state())).toMatch(/12 min ago\. Nothing here is newer/));
	it('has what was there', () => expect(pageOf(state())).toMatch(/press-1\/force[^]*21\.5 kN/));
	it('has nothing where nothing is kept', () => {
		expect(pageOf(undefined)).toContain('Nothing is kept in this browser');
		expect(pageOf(undefined)).not.toContain('<table');
	});
	it('shows text from outside as text', () => {
		const key = `a<img src=x onerror="alert(1)">'&`;
		const html = pageOf(state({ streams: [stream({ key, value: '<b>', standing: 'learning' })] }));
		expect(html).not.toMatch(/<img|<b>(?!R)/);
		expect(html).toContain('a&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;');
	});
	it('runs no script', () => expect(pageOf(state())).not.toMatch(/<script|javascript:/i));
	it('looks again by itself', () => expect(pageOf(state())).toMatch(/http-equiv="refresh" content="\d+"/));
});

describe('what is kept', () => {
	it('is the worst first', () => {
		const { streams } = cutToKeep([stream(), stream({ key: 'b', standing: 'violating' })], []);
		expect(streams.map(({ key }) => key)).toEqual(['b', 'press-1/force']);
	});
	it('is bounded, and says how many there were', () => {
		const cut = cutToKeep(Array<LastStream>(5000).fill(stream()), []);
		expect([cut.streams.length < 500, cut.of.streams]).toEqual([true, 5000]);
	});
	const read = (text: string) => readLastState(text, NOW);
	it('comes back as it was', () => expect(read(JSON.stringify(state()))).toEqual(state()));
	it('is gone after a week', () => expect(read(JSON.stringify(state({ savedMs: NOW - KEPT_MS - 1 })))).toBeUndefined());
	it('of another version is nothing', () => expect(read('{"version":2}')).toBeUndefined());
	it('that is broken is nothing', () => expect(read('{')).toBeUndefined());
	it('without storage is nothing, and no fault', async () => {
		const store = createLastStateStore(undefined);
		await store.write(state());
		await store.forget();
		expect(await store.read(NOW)).toBeUndefined();
	});
});

describe('a visit', () => {
	afterEach(() => vi.useRealTimers());
	const fallback = async () => new Response('last state');
	const never = () => new Promise<never>(() => undefined);
	const f = async (network: () => Promise<Response>, after = never) => (await visit(network, fallback, after)).text();
	it('is answered by the server where there is one', async () =>
		expect(await f(async () => new Response('fresh'))).toBe('fresh'));
	it('is answered by what the server says, also when that is no', async () =>
		expect(await f(async () => new Response('not built', { status: 503 }))).toBe('not built'));
	it('is answered with the last state where nobody is', async () =>
		expect(await f(() => Promise.reject(new TypeError('failed to fetch')))).toBe('last state'));
	it('is answered with the last state where a proxy says that nobody is', async () =>
		expect(await f(async () => new Response('Bad Gateway', { status: 502 }))).toBe('last state'));
	it('does not wait for a server that says nothing', async () =>
		expect(await f(never, () => Promise.reject(new Error('late')))).toBe('last state'));
	const ours = (path: string, is: boolean) => expect(isOurs(path)).toBe(is);
	it('to a page is ours', () => ours('/streams/7', true));
	it('to a wall is not: it lives by itself', () => ours('/wall/line-3', false));
	it('to a name that begins like a wall is', () => ours('/walls', true));
	it('to the API is not', () => ours('/api/docs', false));
	it('to a file is not', () => ours('/favicon.svg', false));
});
