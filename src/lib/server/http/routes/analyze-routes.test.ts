import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze as judged } from '#rules';
import { startHub, type Hub } from '../testing/hub.ts';

let hub: Hub;
beforeAll(async () => (hub = await startHub()));
afterAll(() => hub.stop());

const analyze = (body: unknown) =>
	hub.request('/api/v1/spc/analyze', {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

const analyzeCsv = (body: string, query = '') =>
	hub.request(`/api/v1/spc/analyze${query}`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body });

describe('POST /api/v1/spc/analyze with a table', () => {
	it('answers as for the same document', async () => {
		const response = await analyzeCsv(
			'lot;ms\n1;49,6\n1;47,6\n2;NA\n2;51,3\n',
			'?chart=ewma&column=ms&phase=lot&lambda=0.1',
		);
		const document = { chart: 'ewma', values: [49.6, 47.6, null, 51.3], phases: [0, 2], options: { lambda: 0.1 } };
		expect([response.status, await response.json()]).toEqual([200, JSON.parse(JSON.stringify(judged(document)))]);
	});
	it('takes what is known of a baseline from the query', async () => {
		const lines = ['bad,of', '3,50', '4,60', '1,55', '20,50', '2,40'].join('\n');
		const response = await analyzeCsv(lines, '?chart=p&column=bad&size=of&rules=1,2&baseline=3&exclude=1&revise=true');
		const document = {
			...{ chart: 'p', counts: [3, 4, 1, 20, 2], sizes: [50, 60, 55, 50, 40], rules: [1, 2] },
			baseline: { points: 3, exclude: [1], revise: true },
		};
		expect(await response.json()).toEqual(JSON.parse(JSON.stringify(judged(document))));
	});
	it('judges a long one aside, the same', async () => {
		const values = Array.from({ length: 20_000 }, (_, i) => Math.sin(i * i));
		const response = await analyzeCsv(`value\n${values.join('\n')}`);
		expect(await response.json()).toEqual(JSON.parse(JSON.stringify(judged({ values }))));
	});
	const f = async (body: string, query: string, ...errors: object[]) => {
		const response = await analyzeCsv(body, query);
		expect([response.status, await response.json()]).toMatchObject([400, { errors }]);
	};
	it('names line and column of what is no number', () =>
		f('value\n1\nx\n', '', { path: 'line 3, column value', message: '"x" is no number' }));
	it('names an option that is not there', () => f('value\n1\n2\n', '?lamda=0.1', { path: '$.options.lamda' }));
	it('says what to name when it cannot tell', async () =>
		expect(await (await analyzeCsv('a,b\n1,2\n')).json()).toMatchObject({
			detail: expect.stringContaining('name one with column in the query; there are a, b'),
		}));
	it('is the only one that has a query', async () => {
		const body = JSON.stringify({ values: [1, 2] });
		const headers = { 'content-type': 'application/json' };
		const response = await hub.request('/api/v1/spc/analyze?chart=ewma', { method: 'POST', headers, body });
		expect(await response.json()).toMatchObject({ status: 400, errors: [{ path: 'query.chart' }] });
	});
	it('is not guessed from another type', async () => {
		const headers = { 'content-type': 'text/plain' };
		const response = await hub.request('/api/v1/spc/analyze', { method: 'POST', headers, body: '1' });
		expect(response.status).toBe(415);
	});
});

describe('POST /api/v1/spc/analyze', () => {
	it('answers as the library does', async () => {
		// NIST/SEMATECH e-Handbook, section 6.3.2.2: flow rate.
		const response = await analyze({
			chart: 'i-mr',
			values: [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1],
		});
		expect(response.status).toBe(200);
		const answer = (await response.json()) as { charts: { i: { ucl: number[]; lcl: number[] } }; signals: unknown[] };
		expect(answer.charts.i.ucl[0]).toBeCloseTo(55.8041, 4);
		expect(answer.charts.i.lcl[9]).toBeCloseTo(45.8159, 4);
		expect(answer.signals).toEqual([]);
	});
	it('names what is wrong by its path', async () => {
		const response = await analyze({ chart: 'i-mr', values: [1, 'x', 2] });
		expect([response.status, await response.json()]).toMatchObject([
			400,
			{ status: 400, errors: [{ path: '$.values[1]', message: 'must be a number or null, not "x"' }] },
		]);
	});
	it('judges a long series aside, the same', async () => {
		const values = Array.from({ length: 50_000 }, (_, i) => Math.sin(i * i));
		const response = await analyze({ values });
		expect(response.headers.get('content-type')).toContain('application/json');
		expect(await response.json()).toEqual(JSON.parse(JSON.stringify(judged({ values }))));
	});
	it('names what is wrong with a long series', async () => {
		const response = await analyze({ values: [...Array<number>(50_000).fill(1), 'x'] });
		expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ path: '$.values[50000]' }] }]);
	});
});
