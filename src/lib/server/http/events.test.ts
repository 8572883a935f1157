import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiEvent, ApiList, ApiProblem } from '#contracts/api.ts';
import { pointsOf, startHub, type Hub } from './testing/hub.ts';

let hub: Hub;
beforeAll(async () => void (hub = await startHub()));
afterAll(() => hub.stop());

const tell = (body: object, init: RequestInit = {}, query = '') =>
	hub.request(`/api/v1/events${query}`, {
		method: 'POST',
		body: JSON.stringify(body),
		...init,
		headers: { 'content-type': 'application/json', ...init.headers },
	});
const told = async (body: object) => (await tell(body)).json() as Promise<ApiEvent>;
const list = async (query = '') => (await hub.get<ApiList<ApiEvent>>(`/api/v1/events${query}`)).items;
const at = '2026-11-01T08:00:00Z';
const note = { kind: 'note', from: at, title: 'door open' };

describe('POST /api/v1/events', () => {
	it('answers 201 with the event', async () => {
		const response = await tell({ ...note, asset: 'press-1', attributes: { by: 'ann', no: 3 } });
		expect(response.status).toBe(201);
		expect(await response.json()).toEqual({
			...{ id: expect.any(String) as string, site: 'default', kind: 'note', from: at, to: null },
			...{ title: 'door open', asset: 'press-1', streams: [], attributes: { by: 'ann', no: 3 } },
		});
	});
	it('takes microseconds', async () =>
		expect(await told({ ...note, from: 1_800_000_000_000_000 })).toMatchObject({ from: '2027-01-15T08:00:00Z' }));
	it('takes streams by id or key', async () => {
		await hub.write(pointsOf('oven/heat', [1, 2]));
		const id = await hub.streamId('oven/heat');
		const event = await told({ ...note, title: 'both', streams: [id, 'oven/heat', 'oven/later'] });
		expect(event.streams).toEqual(['oven/heat', 'oven/later']);
		expect((await list(`?stream=${id}&kind=note`)).map(({ title }) => title)).toContain('both');
	});
	const refuses = (body: object, ...paths: string[]) =>
		tell(body).then(async (response) => {
			expect(response.status).toBe(400);
			expect(((await response.json()) as ApiProblem).errors?.map(({ path }) => path)).toEqual(paths);
		});
	it('refuses a kind that is none', () => refuses({ ...note, kind: 'party' }, '$.kind'));
	it('refuses a time that is none', () => refuses({ ...note, from: 'noon' }, '$.from'));
	it('refuses an end before its start', () => refuses({ ...note, to: '2026-10-31T00:00:00Z' }, '$.to'));
	it('refuses streams and an asset at once', () => refuses({ ...note, asset: 'a', streams: ['b'] }, '$.asset'));
	it('refuses a title that nobody can read', () => refuses({ ...note, title: 'a\u202eb' }, '$.title'));
	it('refuses what it does not know', () => refuses({ ...note, colour: 'red' }, '$.colour'));
	it('refuses another site than that of the key', async () => {
		const authorization = `Bearer ${await hub.createKey('b', ['write'])}`;
		expect((await tell(note, { headers: { authorization } }, '?site=default')).status).toBe(403);
		expect(((await (await tell(note, { headers: { authorization } })).json()) as ApiEvent).site).toBe('b');
	});
});

describe('an event', () => {
	it('is ended and mended', async () => {
		const { id } = await told({ kind: 'maintenance', from: at, title: 'belt' });
		const patch = (body: object) =>
			hub.request(`/api/v1/events/${id}`, {
				method: 'PATCH',
				body: JSON.stringify(body),
				headers: { 'content-type': 'application/json' },
			});
		expect(await (await patch({ to: '2026-11-01T09:00:00Z', title: 'new belt' })).json()).toMatchObject({
			...{ id, title: 'new belt', from: at, to: '2026-11-01T09:00:00Z' },
		});
		expect((await patch({ to: '2026-11-01T07:00:00Z' })).status).toBe(400);
		expect((await patch({})).status).toBe(400);
		expect((await list('?kind=maintenance&from=2026-11-01T08:30:00Z&to=2026-11-01T08:40:00Z')).length).toBe(1);
	});
	it('is taken back', async () => {
		const { id } = await told({ ...note, title: 'mistake' });
		expect((await hub.request(`/api/v1/events/${id}`, { method: 'DELETE' })).status).toBe(204);
		expect((await list()).map(({ title }) => title)).not.toContain('mistake');
	});
});
