import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type Hub } from './testing/hub.ts';

interface Document {
	readonly openapi: string;
	readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: object; security?: unknown }>>>>;
	readonly components: { readonly schemas: object };
}

let hub: Hub;
let document: Document;

beforeAll(async () => {
	hub = await startHub();
	document = await hub.get<Document>('/api/openapi.json');
});
afterAll(() => hub.stop());

describe('the description of the API', () => {
	it('names every path', () =>
		expect(Object.keys(document.paths)).toEqual(
			expect.arrayContaining([
				'/api/v1/points',
				'/api/v2/write',
				'/api/v1/streams/{id}/points',
				'/api/v1/live',
				'/metrics',
			]),
		));
	it('names its shapes', () =>
		expect(Object.keys(document.components.schemas)).toEqual(
			expect.arrayContaining(['Stream', 'Points', 'Limits', 'Violation', 'Problem', 'Plan', 'StreamList']),
		));
	it('says of every closed path that it needs a key', () => {
		const open = [
			'/healthz',
			'/readyz',
			'/api/v1/sign-in',
			'/api/v1/links/look',
			'/api/v1/links/use',
			'/api/v1/alerts/links/{token}',
			'/api/v1/alerts/charts/{token}',
			'/api/v1/displays',
			'/api/v1/displays/claim',
		];
		for (const [path, methods] of Object.entries(document.paths))
			for (const operation of Object.values(methods)) expect(Boolean(operation.security)).toBe(!open.includes(path));
	});
	it('is a page to read, without a script', async () => {
		const response = await hub.request('/api/docs');
		expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
		const page = await response.text();
		expect(page).toContain('/api/v1/streams/{id}/points');
		expect(page).not.toMatch(/<script|https?:\/\//);
	});
});

describe('what operators look at', () => {
	it('health', async () => expect(await hub.get('/healthz')).toEqual({ status: 'ok', version: '0.0.0' }));
	it('readiness', async () =>
		expect(await hub.get('/readyz')).toMatchObject({ status: 'degraded', parts: { store: 'down' } }));
	it('metrics', async () => {
		const response = await hub.request('/metrics');
		expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
		const text = await response.text();
		for (const name of [
			'sigmascope_http_requests_total',
			'sigmascope_live_readers',
			'nodejs_eventloop_lag_p99_seconds',
		])
			expect(text).toContain(name);
		expect(text).toMatch(/sigmascope_http_requests_total\{method="GET",route="\/healthz",status="200"\} 1/);
	});
	it('the system', async () =>
		expect(await hub.get('/api/v1/system')).toMatchObject({ journal: { firstSeq: expect.any(Number) as number } }));
	it('without data a path of nobody is one label, whatever it is called', async () => {
		await hub.request('/api/v9/some-scanner');
		expect(await (await hub.request('/metrics')).text()).not.toContain('some-scanner');
	});
});
