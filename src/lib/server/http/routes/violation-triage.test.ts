import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiViolation } from '#contracts/api.ts';
import { until } from '#tests/support/until.ts';
import { pointsOf, startHub, type Hub } from '../testing/hub.ts';

let hub: Hub;
let all: readonly ApiViolation[];
const keys: Record<string, string> = {};

interface Result {
	readonly changed: readonly { readonly id: string }[];
	readonly unchanged: number;
	readonly refused: readonly string[];
	readonly more: boolean;
}
interface Group {
	readonly key: string | null;
	readonly count: number;
	readonly unresolved: number;
}

async function send<T>(method: string, path: string, body: object, key?: string): Promise<{ status: number; body: T }> {
	const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) };
	const response = await hub.request(path, { method, headers, body: JSON.stringify(body) });
	const text = await response.text();
	return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}
const acts = (body: object, key?: string) => send<Result>('POST', '/api/v1/violations/acts', body, key);
const idsOf = (key: string) => all.filter(({ stream }) => stream.key === key).map(({ id }) => id);
const stateOf = async (id: string) => (await hub.get<ApiViolation>(`/api/v1/violations/${id}`)).state;

beforeAll(async () => {
	const plan = { baseline: { centre: 0, sigma: 1 }, rules: [1], reaction: ['Stop it'] };
	hub = await startHub({ plan: { ...plan } });
	for (const site of ['a', 'b']) keys[site] = await hub.createKey(site, ['read', 'write']);
	await hub.write(pointsOf('press/x', [0, 9, 0, 9, 0]), keys.a);
	await hub.write(pointsOf('oven/y', [0, 9, 0]), keys.a);
	await hub.write(pointsOf('saw/z', [0, 9, 0]), keys.b);
	all = await until(async () => {
		const { items } = await hub.get<ApiList<ApiViolation>>('/api/v1/violations?rule=1&chart=i');
		return items.length === 4 && items;
	});
});
afterAll(() => hub.stop());

describe('violations by the dozen', () => {
	it('are acted on together, and foreign ones are as if they were not there', async () => {
		const [press = ''] = idsOf('press/x');
		const ids = [...idsOf('press/x'), ...idsOf('saw/z'), 'none'];
		const { body } = await acts({ act: 'acknowledge', ids }, keys.a);
		expect(body).toMatchObject({ unchanged: 0, refused: [...idsOf('saw/z'), 'none'], more: false });
		expect(body.changed.map(({ id }) => id).sort()).toEqual(idsOf('press/x').sort());
		expect([await stateOf(press), await stateOf(idsOf('saw/z')[0] ?? '')]).toEqual(['acknowledged', 'open']);

		const foreign = await send<Result>('POST', '/api/v1/violations/acts/undo', { changed: body.changed }, keys.b);
		expect(foreign.body).toMatchObject({ changed: [], refused: body.changed.map(({ id }) => id) });
		const undone = await send<Result>('POST', '/api/v1/violations/acts/undo', { changed: body.changed }, keys.a);
		expect(undone.body.changed).toHaveLength(2);
		expect(await stateOf(press)).toBe('open');
	});
	it('are found by a filter, which narrows and never widens', async () => {
		const foreign = await acts({ act: 'acknowledge', filter: { site: 'b' } }, keys.a);
		expect(foreign.body).toMatchObject({ changed: [], refused: [] });
		const { body } = await acts({ act: 'resolve', cause: 'sensor-noise', filter: { asset: 'oven' } }, keys.a);
		expect(body.changed.length).toBeGreaterThan(0);
		expect(await stateOf(idsOf('oven/y')[0] ?? '')).toBe('resolved');
	});
	it.each([
		[{ act: 'acknowledge' }, '$.ids'],
		[{ act: 'acknowledge', ids: ['x'], filter: {} }, '$.ids'],
		[{ act: 'assign', ids: ['x'] }, '$.assignee'],
		[{ act: 'acknowledge', ids: ['x'], cause: 'sensor-noise' }, '$.cause'],
		[{ act: 'resolve', ids: ['x'], cause: 'gremlins' }, '$.cause'],
		[{ act: 'remove', ids: ['x'] }, '$.act'],
	])('%j is refused with where it is wrong', async (body, path) => {
		const answer = (await acts(body)) as unknown as { status: number; body: { errors: { path: string }[] } };
		expect([answer.status, answer.body.errors[0]?.path]).toEqual([400, path]);
	});
	it('are counted by what they share, on the own site only', async () => {
		const of = async (query: string, key = '') => {
			const response = await fetch(`${hub.url}/api/v1/violations/groups?${query}`, {
				headers: { authorization: `Bearer ${key}` },
			});
			return ((await response.json()) as ApiList<Group>).items.map(({ key: name }) => name).sort();
		};
		expect(await of('by=asset&chart=i', keys.a)).toEqual(['oven', 'press']);
		expect(await of('by=asset', keys.b)).toEqual(['saw']);
		expect(await of('by=cause&chart=i&asset=oven', keys.a)).toEqual(['sensor-noise']);
	});
});

describe('what is known of one', () => {
	interface Case {
		readonly openedAt: string | null;
		readonly resolvedAt: string | null;
		readonly steps: readonly { readonly step: string; readonly done: { readonly by: string } | null }[];
	}
	it('its steps are ticked by name, and one that the plan does not have is none', async () => {
		const path = `/api/v1/violations/${idsOf('press/x')[0]}/steps`;
		const { body } = await send<Case>('PUT', path, { step: 'Stop it' }, keys.a);
		expect(body.steps).toMatchObject([{ step: 'Stop it', done: { by: 'a read write' } }]);
		expect((await send('PUT', path, { step: 'Dance' }, keys.a)).status).toBe(404);
		expect((await send('PUT', path, { step: 'Stop it' }, keys.b)).status).toBe(404);
		expect((await send<Case>('PUT', path, { step: 'Stop it', isDone: false }, keys.a)).body.steps[0]?.done).toBeNull();
	});
	it('when it was found and resolved, and what the same was put down to before', async () => {
		const [id = ''] = idsOf('oven/y');
		const found = await hub.get<Case>(`/api/v1/violations/${id}/case`);
		expect(Date.parse(found.resolvedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(found.openedAt ?? ''));
		const [newest = '', older = ''] = idsOf('press/x');
		await acts({ act: 'resolve', cause: 'process-shift', ids: [older] });
		const similar = await hub.get<{ items: ApiViolation[]; causes: object[]; count: number }>(
			`/api/v1/violations/${newest}/similar`,
		);
		expect(similar).toMatchObject({ count: 1, causes: [{ cause: 'process-shift', count: 1 }] });
		expect(similar.items.map((one) => one.id)).toEqual([older]);
	});
});

it('filters are kept for who kept them', async () => {
	const path = '/api/v1/me/views/violations';
	expect((await send('PUT', `${path}/night`, { query: '?show=all' }, keys.a)).status).toBe(200);
	const list = async (key = '') => {
		const response = await fetch(hub.url + path, { headers: { authorization: `Bearer ${key}` } });
		return ((await response.json()) as ApiList<object>).items;
	};
	expect(await list(keys.a)).toEqual([{ name: 'night', query: '?show=all' }]);
	expect(await list(keys.b)).toEqual([]);
	expect((await send('DELETE', `${path}/night`, {}, keys.b)).status).toBe(404);
	expect((await send('DELETE', `${path}/night`, {}, keys.a)).status).toBe(204);
});
