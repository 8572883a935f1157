import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiProblem } from '#contracts/api.ts';
import { pointsOf, startHub, type Hub } from '../testing/hub.ts';

let hub: Hub;
let path: string;

beforeAll(async () => {
	hub = await startHub();
	await hub.write(pointsOf('planned', [1]));
	path = `/api/v1/streams/${await hub.streamId('planned')}/plan`;
});
afterAll(() => hub.stop());

const put = (plan: object, headers: Record<string, string> = {}) =>
	hub.request(path, {
		method: 'PUT',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(plan),
	});

describe('a plan', () => {
	it('is the object of the configuration file', async () => {
		await put({ rules: [1, 2], expect: '90s' });
		expect(await hub.get(path)).toMatchObject({ chart: 'i-mr', rules: [1, 2], expect: '90s', severity: 'warning' });
	});
	it('that is put back as it came changes nothing', async () => {
		const before = await hub.get<object>(path);
		expect(await (await put(before)).json()).toEqual(before);
	});
	it('is replaced when it is the one that was read', async () => {
		const etag = (await hub.request(path)).headers.get('etag') ?? '';
		const first = await put({ rules: [1] }, { 'if-match': etag });
		expect(first.status).toBe(200);
		expect(first.headers.get('etag')).not.toBe(etag);
		expect((await put({ rules: [2] }, { 'if-match': etag })).status).toBe(412);
	});
	it('of two who read the same only one changes it', async () => {
		const etag = (await hub.request(path)).headers.get('etag') ?? '';
		const answers = await Promise.all([1, 2, 3, 4].map((rule) => put({ rules: [rule] }, { 'if-match': etag })));
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
	});
	const faults = async (plan: object) => {
		const response = await put(plan);
		return [response.status, ((await response.json()) as ApiProblem).errors?.map((fault) => fault.path)];
	};
	it('with faults hears of each with its path', async () =>
		expect(await faults({ rules: [0], expect: 'soon', colour: 'red' })).toEqual([
			400,
			['$.rules[0]', '$.expect', '$.colour'],
		]));
	it('with a baseline that fits no kind hears where it came closest', async () =>
		expect(await faults({ baseline: { centre: 1, sigma: -1 } })).toEqual([400, ['$.baseline.sigma']]));
	it('is JSON and says so: what a form of another page can send is none', async () =>
		expect((await put({}, { 'content-type': 'text/plain' })).status).toBe(415));
	it('that is no JSON is refused with the place', async () => {
		const response = await hub.request(path, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: '{"rules":',
		});
		expect([response.status, ((await response.json()) as ApiProblem).errors?.[0]?.path]).toEqual([400, '$']);
	});
	it('nested a hundred thousand deep harms nobody', async () => {
		const response = await hub.request(path, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: '['.repeat(100_000) + ']'.repeat(100_000),
		});
		expect(response.status).toBe(400);
	});
	it('of the configuration file is changed there', async () => {
		const stream = Number(path.split('/')[4]);
		const { plan } = (await hub.metadata.streams.get(stream)) ?? {};
		if (plan) await hub.metadata.streams.setPlan(stream, plan, 'sigmascope.yaml:12');
		const response = await put({ rules: [1] });
		expect(response.status).toBe(409);
		expect(((await response.json()) as ApiProblem).detail).toContain('sigmascope.yaml:12');
	});
});
