import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnnotation } from '#contracts/annotation.ts';
import type { ApiLimits, ApiList, ApiPoints, ApiProblem } from '#contracts/api.ts';
import { FLAG } from '#contracts/point.ts';
import { createNormal } from '#rules/testing/random.ts';
import { until } from '#tests/support/until.ts';
import { pointsOf, startHub, type Hub } from '../testing/hub.ts';

interface Answer {
	readonly state: string;
	readonly applied: boolean;
	readonly limits: readonly ApiLimits[];
	readonly annotations: readonly ApiAnnotation[];
}

const END_MS = Math.floor(Date.now() / 1000) * 1000 - 60_000;
const COUNT = 60;
const normal = createNormal(5);
/** One wild point in what is learnt from. */
const VALUES = Array.from({ length: COUNT }, (_, i) => (i === 7 ? 40 : 10 + normal()));
const at = (i: number) => (END_MS - (COUNT - 1 - i) * 1000) * 1000;

let hub: Hub;
let operator: string;
beforeAll(async () => {
	hub = await startHub({ plan: { baseline: { points: 30 }, rules: [1] } });
	operator = await hub.createKey('default', ['read', 'write']);
});
afterAll(() => hub.stop());

/** A stream of its own for each test. */
async function stream(name: string, values = VALUES): Promise<string> {
	await hub.write(pointsOf(name, values, END_MS));
	return `/api/v1/streams/${await hub.streamId(name)}`;
}
const send = (path: string, body: object, headers: Record<string, string> = {}) =>
	hub.request(path, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
async function act(path: string, body: object): Promise<Answer> {
	const response = await send(`${path}/baseline`, body);
	const text = await response.text();
	expect(response.status, text).toBe(200);
	return JSON.parse(text) as Answer;
}
async function fault(path: string, body: object, headers: Record<string, string> = {}): Promise<[number, string]> {
	const response = await send(`${path}/baseline`, body, headers);
	return [response.status, ((await response.json()) as ApiProblem).detail];
}
const leading = ({ limits }: Answer) => limits.find(({ chart }) => chart === 'i');

describe('learning from a stretch', () => {
	it('has limits of it in force from the newest point on', async () => {
		const path = await stream('learn');
		const answer = await act(path, { action: 'learn', from: at(30), to: at(59) });
		expect(answer.applied).toBe(true);
		expect(leading(answer)?.baseline).toMatchObject({ points: 30 });
		expect(Date.parse(leading(answer)?.from ?? '')).toBe(at(59) / 1000);
		expect(leading(answer)?.centre).toBeCloseTo(10, 0);
	});
	it('says why not', async () => {
		const path = await stream('learn not');
		expect(await fault(path, { action: 'learn', from: at(0), to: at(5) })).toEqual([
			409,
			'There are 6 judged points; limits need 20 at least.',
		]);
		expect(await fault(path, { action: 'learn', from: at(5), to: at(0) })).toEqual([400, '$.to is before `from`']);
		expect((await fault(path, { action: 'guess' }))[0]).toBe(400);
		expect((await fault(path, {}))[1]).toContain('$.action is missing');
	});
});

describe('points taken out', () => {
	it('are kept, flagged and explained; limits that rested on them are learnt without them', async () => {
		const path = await stream('exclude');
		const answer = await act(path, { action: 'exclude', points: [at(7)], reason: 'sensor was unplugged' });
		expect(leading(answer)?.baseline).toMatchObject({ points: 30, excluded: 1 });
		expect(leading(answer)?.centre).toBeLessThan(11);
		expect(answer.annotations).toMatchObject([{ kind: 'exclusion', text: 'sensor was unplugged' }]);
		const { flags, v } = await hub.get<ApiPoints>(`${path}/points?last=100`);
		expect(v[7]).toBe(40);
		expect(flags.flatMap((flag, i) => (flag & FLAG.excluded ? [i] : []))).toEqual([7]);
		const audit = await hub.metadata.acts.list({ sites: 'all', act: 'baseline.exclude', limit: 1 });
		expect(audit.items[0]).toMatchObject({
			detail: 'sensor was unplugged',
			subject: `stream:${path.split('/').at(-1)}`,
		});
	});
	it('are put back, and what another exclusion takes out stays out', async () => {
		const path = await stream('include');
		const before = (await hub.get<ApiList<ApiLimits>>(`${path}/limits`)).items.find(({ chart }) => chart === 'i');
		const first = await act(path, { action: 'exclude', points: [at(7)], reason: 'one' });
		const second = await act(path, { action: 'exclude', from: at(6), to: at(8), reason: 'two' });
		expect(leading(second)?.baseline?.excluded).toBe(3);
		const back = await act(path, { action: 'include', annotation: second.annotations[0]?.id });
		expect(leading(back)?.baseline?.excluded).toBe(1);
		const all = await act(path, { action: 'include', annotation: first.annotations[0]?.id });
		expect(leading(all)).toMatchObject({ centre: before?.centre, sigma: before?.sigma });
	});
	it('are as if they had never been while limits are being learnt', async () => {
		const path = await stream('early', VALUES.slice(0, 20));
		const answer = await act(path, { action: 'exclude', from: at(47), to: at(47), reason: 'wild' });
		expect([answer.state, answer.limits]).toEqual(['learning', []]);
		expect(hub.engine.status(Number(path.split('/').at(-1)))?.learning).toEqual({ points: 19, wanted: 30 });
	});
	it('stay in when too little would be left of what limits rest on', async () => {
		const path = await stream('too many');
		const [status, detail] = await fault(path, { action: 'exclude', from: at(0), to: at(20), reason: 'all' });
		expect([status, detail]).toEqual([
			409,
			'The limits in force rest on these points. Without them: There are 9 judged points; limits need 20 at least.',
		]);
		expect((await hub.get<ApiList<ApiAnnotation>>(`${path}/annotations`)).items).toEqual([]);
	});
	it('need a reason', async () =>
		expect((await fault(await stream('why'), { action: 'exclude', points: [at(1)] }))[1]).toContain('$.reason'));
});

describe('a phase', () => {
	it('learns anew and has a name; taken back, its limits are those of before', async () => {
		const path = await stream('phase');
		const before = (await hub.get<ApiList<ApiLimits>>(`${path}/limits`)).items.find(({ chart }) => chart === 'i');
		const answer = await act(path, { action: 'phase', reason: 'new tool' });
		expect([answer.state, answer.limits]).toEqual(['learning', []]);
		expect(answer.annotations).toMatchObject([{ kind: 'phase', text: 'new tool' }]);
		const { from, to } = before?.baseline ?? { from: '', to: '' };
		const back = await act(path, { action: 'learn', from, to, annotation: answer.annotations[0]?.id });
		expect(leading(back)).toMatchObject({ centre: before?.centre, sigma: before?.sigma });
		expect((await hub.get<ApiList<ApiAnnotation>>(`${path}/annotations`)).items).toEqual([]);
	});
});

describe('freezing', () => {
	it('writes the limits in force into the plan, and nothing begins anew', async () => {
		const path = await stream('freeze');
		const count = async () => (await hub.get<ApiList<ApiLimits>>(`${path}/limits`)).items.length;
		const before = await until(async () => (await count()) || undefined);
		const answer = await act(path, { action: 'freeze' });
		const { baseline } = await hub.get<{ baseline: object }>(`${path}/plan`);
		expect(baseline).toEqual({ centre: leading(answer)?.centre, sigma: leading(answer)?.sigma });
		expect([leading(answer)?.method, await count()]).toEqual(['moving-range', before]);
		expect((await fault(path, { action: 'freeze' }))[1]).toContain('gives the limits already');
	});
	it('is taken back by the plan of before and its baseline: the limits are those of before', async () => {
		const path = await stream('thaw');
		const limits = async () => (await hub.get<ApiList<ApiLimits>>(`${path}/limits`)).items;
		const before = await until(async () => (await limits()).find(({ chart }) => chart === 'i'));
		const plan = await hub.get<object>(`${path}/plan`);
		await act(path, { action: 'freeze' });
		const body = JSON.stringify(plan);
		const put = await hub.request(`${path}/plan`, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body,
		});
		expect(put.status).toBe(200);
		const answer = await act(path, { action: 'learn', from: before.baseline?.from, to: before.baseline?.to });
		expect([leading(answer)?.centre, leading(answer)?.method, answer.applied]).toEqual([
			before.centre,
			'moving-range',
			true,
		]);
		expect(await hub.get(`${path}/plan`)).toEqual(plan);
	});
	it('ends learning with what there is, when that is enough', async () => {
		const path = await stream('enough', VALUES.slice(8, 33));
		expect(leading(await act(path, { action: 'freeze' }))?.baseline?.points).toBe(25);
		expect(await fault(await stream('too few', VALUES.slice(8, 20)), { action: 'freeze' })).toEqual([
			409,
			'The baseline has 12 points so far; limits need 20 at least.',
		]);
	});
	it('is of the plan that was looked at', async () => {
		const path = await stream('tag');
		expect((await fault(path, { action: 'freeze' }, { 'if-match': '"99"' }))[0]).toBe(412);
	});
});

describe('who may', () => {
	it('judge a baseline has the right to plans; who may act may comment', async () => {
		const path = await stream('rights');
		const headers = { authorization: `Bearer ${operator}` };
		expect((await send(`${path}/baseline`, { action: 'phase' }, headers)).status).toBe(403);
		expect((await send(`${path}/annotations`, { kind: 'comment', from: at(1), text: 'seen' }, headers)).status).toBe(
			201,
		);
	});
});

describe('annotations', () => {
	const comment = async (path: string, body: object) => {
		const response = await send(`${path}/annotations`, body);
		return { status: response.status, body: (await response.json()) as ApiAnnotation & ApiProblem };
	};
	it('are left on a point or a stretch, found by time, and taken away', async () => {
		const path = await stream('notes');
		const one = await comment(path, { kind: 'comment', from: at(3), text: ' coolant <b>low</b> ' });
		expect(one).toMatchObject({ status: 201, body: { text: 'coolant <b>low</b>', from: one.body.to } });
		await comment(path, { kind: 'pin', from: at(20) });
		const { items } = await hub.get<ApiList<ApiAnnotation>>(`${path}/annotations?from=${at(0)}&to=${at(10)}`);
		expect(items.map(({ kind }) => kind)).toEqual(['comment']);
		const gone = await hub.request(`${path}/annotations/${one.body.id}`, { method: 'DELETE' });
		expect(gone.status).toBe(200);
		expect((await hub.request(`${path}/annotations/${one.body.id}`, { method: 'DELETE' })).status).toBe(404);
	});
	it('with faults hear of each', async () => {
		const path = await stream('faults');
		const detail = async (body: object) => (await comment(path, body)).body.detail;
		expect(await detail({ kind: 'comment', from: at(1), text: '  ' })).toContain('$.text is empty');
		expect(await detail({ kind: 'comment', from: at(2), to: at(1), text: 'x' })).toContain('$.to');
		expect(await detail({ kind: 'comment', from: at(1), text: 'a\u202eb' })).toContain('nobody sees');
		expect(await detail({ from: at(1) })).toContain('$.kind');
	});
	it('that are of the baseline are undone there', async () => {
		const path = await stream('exclusion');
		const { annotations } = await act(path, { action: 'exclude', points: [at(7)], reason: 'wild' });
		const response = await hub.request(`${path}/annotations/${annotations[0]?.id}`, { method: 'DELETE' });
		expect(response.status).toBe(409);
	});
});
