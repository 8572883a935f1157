import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiList, ApiProblem } from '#contracts/api.ts';
import type { ApiBoardInfo } from '#contracts/board.ts';
import type { ApiScreen, ScreenAnswer } from '#contracts/screen.ts';
import { startHub, type Hub } from '#server/http/testing/hub.ts';

const folder = mkdtempSync(join(tmpdir(), 'boards-http-'));
let hub: Hub;
const keys: Record<string, string> = {};

beforeAll(async () => {
	mkdirSync(join(folder, 'walls'));
	writeFileSync(join(folder, 'walls/north.yaml'), 'sites: [north]\ntiles: [{ type: clock }]\n');
	writeFileSync(join(folder, 'walls/wrong.yaml'), 'tiles: [{ type: clokc }]\n');
	hub = await startHub({ folder });
	for (const [name, site, scope] of [
		['screen', 'north', 'display'],
		['reader', 'north', 'read'],
		['south', 'south', 'display'],
		['admin', 'north', 'admin'],
		['foreign', 'south', 'admin'],
	] as const)
		keys[name] = await hub.createKey(site, [scope]);
});
afterAll(async () => {
	await hub.stop();
	rmSync(folder, { recursive: true, force: true });
});

const as = (name: string) => ({ authorization: `Bearer ${keys[name]}`, 'content-type': 'application/json' });
const get = (name: string, path: string) => hub.request(`/api/v1${path}`, { headers: as(name) });
const post = (name: string, path: string, body: object) =>
	hub.request(`/api/v1${path}`, { method: 'POST', headers: as(name), body: JSON.stringify(body) });
const REPORT = {
	screen: 'a-screen-on-the-wall',
	path: '/wall/north?asset=press-1',
	page: 'north',
	version: '1',
	width: 1920,
	height: 1080,
	upSeconds: 3,
	fresh: 1,
	tiles: 1,
	sound: 'armed',
	isAwake: true,
	lost: 0,
	faults: 0,
	heapMb: 7.5,
	done: null,
};

describe('walls over the API', () => {
	it('are shown to a screen of their site', async () =>
		expect(await (await get('screen', '/boards/north')).json()).toMatchObject({
			pages: [{ tiles: [{ type: 'clock' }] }],
		}));
	it('do not exist for one of another site', async () => {
		expect((await get('south', '/boards/north')).status).toBe(404);
		const { items } = (await (await get('south', '/boards')).json()) as ApiList<ApiBoardInfo>;
		expect(items.map(({ name }) => name)).toEqual(['assets', 'site']);
	});
	it('tell their faults to who reads every site, and to nobody else', async () => {
		expect((await get('reader', '/boards/files')).status).toBe(403);
		const { items } = await hub.get<{ items: object[] }>('/api/v1/boards/files');
		expect(items).toMatchObject([
			{ state: 'shown' },
			{ file: 'walls/wrong.yaml', state: 'refused', faults: [{ line: 1 }] },
		]);
	});
});

describe('screens over the API', () => {
	const listed = async (name: string) => ((await (await get(name, '/screens')).json()) as ApiList<ApiScreen>).items;
	it('are listed before they have said anything', async () =>
		expect(await listed('admin')).toMatchObject([{ id: null, sites: ['north'], report: null }]));
	it('say how they are, and are told what to do, once', async () => {
		expect(await (await post('screen', '/screens/report', REPORT)).json()).toEqual({ order: null });
		const [screen] = await listed('admin');
		expect(screen).toMatchObject({ sites: ['north'], ordered: null, report: { heapMb: 7.5, path: REPORT.path } });
		expect((await post('admin', `/screens/${screen?.id}/order`, { path: '/wall/site' })).status).toBe(204);
		const { order } = (await (await post('screen', '/screens/report', REPORT)).json()) as ScreenAnswer;
		expect(order).toMatchObject({ path: '/wall/site' });
		expect(await listed('admin')).toMatchObject([{ ordered: '/wall/site' }]);
		expect(await (await post('screen', '/screens/report', { ...REPORT, done: order?.id })).json()).toEqual({
			order: null,
		});
	});
	it('of another site are not there', async () => {
		const [screen] = await listed('admin');
		expect((await listed('foreign')).map(({ report }) => report)).toEqual([null]);
		expect((await post('foreign', `/screens/${screen?.id}/order`, { reload: true })).status).toBe(404);
	});
	it('are sent to walls and nowhere else', async () => {
		const [screen] = await listed('admin');
		const order = async (body: object) =>
			((await (await post('admin', `/screens/${screen?.id}/order`, body)).json()) as ApiProblem).detail;
		for (const path of ['https://evil.example/', '//evil.example', '/wall/../keys', '/keys', '/wall/x#y'])
			expect(await order({ path })).toContain('is no wall');
		expect(await order({})).toContain('say either path, or reload: true');
	});
});
