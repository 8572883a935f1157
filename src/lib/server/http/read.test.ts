import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiLimits, ApiList, ApiPoints, ApiStream, ApiViolation } from '#contracts/api.ts';
import { until } from '#tests/support/until.ts';
import { limitsSchema, listOf, pointsSchema, streamSchema, violationSchema } from './schemas.ts';
import { pointsOf, startHub, type Hub } from './testing/hub.ts';

let hub: Hub;
let id: string;

beforeAll(async () => {
	hub = await startHub({ plan: { baseline: { centre: 0, sigma: 1 }, rules: [1, 3] } });
	await hub.write(pointsOf('press-1/temperature', [...Array<number>(12).fill(0.1), 5, ...Array<number>(12).fill(0.2)]));
	id = await hub.streamId('press-1/temperature');
	await until(async () => (await hub.get<ApiList<ApiViolation>>('/api/v1/violations')).items.length === 2);
});
afterAll(() => hub.stop());

const status = async (path: string, init?: RequestInit) => (await hub.request(path, init)).status;

describe('streams', () => {
	it('are listed with state, last value and open violations', async () => {
		const list = await hub.get<ApiList<ApiStream>>('/api/v1/streams');
		expect(listOf(streamSchema, 'x').parse(list)).toMatchObject({
			items: [
				{ id, key: 'press-1/temperature', asset: 'press-1', site: 'default', last: { v: 0.2 }, openViolations: 2 },
			],
			cursor: null,
		});
	});
	const keys = async (query: string) =>
		(await hub.get<ApiList<ApiStream>>(`/api/v1/streams?${query}`)).items.map(({ key }) => key);
	it('are found by key', async () => expect(await keys('key=press-1/temperature')).toHaveLength(1));
	it('are found by a pattern', async () => expect(await keys('key=press-*/temp*')).toHaveLength(1));
	it('are not found by a pattern that does not fit', async () => expect(await keys('key=press-*/x*')).toEqual([]));
	it('are found by words in any order', async () => expect(await keys('q=TEMP press')).toHaveLength(1));
	it('are found by site and asset', async () => expect(await keys('site=default&asset=press-1')).toHaveLength(1));
	it('of another site are none', async () => expect(await keys('site=other')).toEqual([]));
	it('one by its id', async () =>
		expect(streamSchema.parse(await hub.get(`/api/v1/streams/${id}`))).toMatchObject({ id }));
	it('an id that was never given is not found', async () => expect(await status('/api/v1/streams/999')).toBe(404));
	it('neither is what is no id', async () => expect(await status('/api/v1/streams/..%2f1')).toBe(404));
	it('come in pages', async () => {
		await hub.write([...pointsOf('a', [1]), ...pointsOf('b', [1])]);
		const first = await hub.get<ApiList<ApiStream>>('/api/v1/streams?limit=2');
		const second = await hub.get<ApiList<ApiStream>>(`/api/v1/streams?limit=2&cursor=${first.cursor}`);
		expect([...first.items, ...second.items].map(({ key }) => key)).toEqual(['press-1/temperature', 'a', 'b']);
		expect(second.cursor).toBeNull();
	});
});

describe('limits', () => {
	it('are listed with how they came to be', async () => {
		const { items } = listOf(limitsSchema, 'x').parse(
			await hub.get<ApiList<ApiLimits>>(`/api/v1/streams/${id}/limits`),
		);
		expect(items).toContainEqual(expect.objectContaining({ chart: 'i', centre: 0, sigma: 1, method: 'given' }));
	});
});

describe('points', () => {
	const points = (query = '') => hub.get<ApiPoints>(`/api/v1/streams/${id}/points${query}`);

	it('are readable once judged, also while the store is down', async () => {
		const answer = pointsSchema.parse(await points());
		expect(answer.t).toHaveLength(25);
		expect(answer.v[12]).toBe(5);
		expect(answer.signals).toContainEqual({ t: answer.t[12], chart: 'i', rule: 1, side: 'above' });
		expect(answer.limits).toContainEqual(expect.objectContaining({ chart: 'i', centre: 0, sigma: 1, ucl: 3 }));
		expect(answer.thinned).toBeNull();
	});
	it('the last so many', async () => expect((await points('?last=3')).v).toEqual([0.2, 0.2, 0.2]));
	it('of a range with both ends in it', async () => {
		const all = await points();
		expect((await points(`?from=${all.t[11]}&to=${all.t[13]}`)).v).toEqual([0.1, 5, 0.2]);
	});
	it('a range may be RFC 3339', async () => {
		const all = await points();
		const from = new Date((all.t[12] ?? 0) / 1000 - 1).toISOString();
		expect((await points(`?from=${from}`)).t).toHaveLength(13);
	});
	const refused = async (query: string) => {
		const response = await hub.request(`/api/v1/streams/${id}/points?${query}`);
		return [response.status, ((await response.json()) as { errors?: { path: string }[] }).errors?.[0]?.path];
	};
	it('a time that is none is named', async () => expect(await refused('from=yesterday')).toEqual([400, 'query.from']));
	it('a range backwards is refused', async () => expect(await refused('from=5&to=4')).toEqual([400, 'query.from']));
	it('last and from exclude each other', async () =>
		expect(await refused('last=5&from=4')).toEqual([400, 'query.last']));
	it('zero points are refused', async () => expect(await refused('last=0')).toEqual([400, 'query.last']));
	it('what is given twice is refused', async () => expect(await refused('last=5&last=6')).toEqual([400, 'query.last']));
	it('what is not known is refused', async () => expect(await refused('lats=5')).toEqual([400, 'query.lats']));
	it('more than a million at once are refused, with the way out', async () => {
		const response = await hub.request(`/api/v1/streams/${id}/points?last=1000001`);
		expect(response.status).toBe(413);
		expect(((await response.json()) as { detail: string }).detail).toMatch(/maxPoints.*shorter ranges/);
	});
	it('are thinned without the store too', async () => {
		for (const range of ['last=25', 'from=0']) {
			const points = await hub.get<ApiPoints>(`/api/v1/streams/${id}/points?${range}&maxPoints=5`);
			expect(points.t.length).toBeLessThanOrEqual(5);
			expect(points.thinned?.count.reduce((a, b) => a + b)).toBe(25);
		}
	});
});

describe('violations', () => {
	// The jump of 4.9 is one violation of the moving-range chart as well.
	const list = async (query = '') =>
		(await hub.get<ApiList<ApiViolation>>(`/api/v1/violations?${query}`)).items
			.filter(({ chart }) => chart === 'i')
			.map(({ rule }) => rule);
	it('are listed in their public shape', async () => {
		const answer = await hub.get('/api/v1/violations');
		const { items } = listOf(violationSchema, 'x').parse(answer);
		expect(items.find(({ chart }) => chart === 'i')).toMatchObject({
			rule: 1,
			side: 'above',
			state: 'open',
			stream: { id, site: 'default' },
			value: 5,
		});
	});
	it('by stream', async () => expect(await list(`stream=${id}`)).toEqual([1]));
	it('by another stream', async () => expect(await list('stream=77')).toEqual([]));
	it('by rule', async () => expect(await list('rule=2')).toEqual([]));
	it('by state', async () => expect(await list('state=open')).toEqual([1]));
	it('by activity', async () => expect(await list('active=true')).toEqual([]));
	it('by time', async () => expect(await list('to=1971-02-01T00:00:00Z')).toEqual([]));
	it('of another site', async () => expect(await list('site=other')).toEqual([]));
	it('a broken cursor is named', async () => {
		expect(await status('/api/v1/violations?cursor=x')).toBe(400);
		for (const cursor of ['x', '-1', '', '1e3']) expect(await status(`/api/v1/streams?cursor=${cursor}`)).toBe(400);
	});
	it('an unknown one is not found', async () => expect(await status('/api/v1/violations/nope')).toBe(404));
	it('are acknowledged and resolved', async () => {
		const [first] = (await hub.get<ApiList<ApiViolation>>('/api/v1/violations')).items;
		const act = async (name: string) =>
			(await (await hub.request(`/api/v1/violations/${first?.id}/${name}`, { method: 'POST' })).json()) as ApiViolation;
		expect(await act('acknowledge')).toMatchObject({ state: 'acknowledged', id: first?.id });
		expect(await act('resolve')).toMatchObject({ state: 'resolved' });
		expect(await hub.get(`/api/v1/violations/${first?.id}`)).toMatchObject({ state: 'resolved' });
	});
	it('nothing is acted on by reading', async () => {
		const [first] = (await hub.get<ApiList<ApiViolation>>('/api/v1/violations')).items;
		expect(await status(`/api/v1/violations/${first?.id}/resolve`)).toBe(405);
	});
});
