import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '#rules';
import { createNormal } from '#rules/testing/random.ts';
import type { ApiCapability } from '#contracts/api.ts';
import { capabilitySchema } from '#server/http/schemas.ts';
import { pointsOf, startHub, type Hub } from '../testing/hub.ts';

const normal = createNormal(3);
const widths = Array.from({ length: 400 }, () => 10 + 0.1 * normal());

describe('GET /api/v1/streams/{id}/capability', () => {
	let hub: Hub;
	beforeAll(async () => {
		hub = await startHub({ plan: { spec: { lsl: 9.6, usl: 10.4, target: 10 } } });
		await hub.write([...pointsOf('width', widths), ...pointsOf('one', [10])]);
	});
	afterAll(() => hub.stop());
	const of = async (key: string, query = '') =>
		capabilitySchema.parse(
			await hub.get<ApiCapability>(`/api/v1/streams/${await hub.streamId(key)}/capability${query}`),
		);

	it('is that of an analysis of the same points', async () => {
		const { capability, basedOn, spec } = await of('width');
		const same = analyze({ chart: 'capability', values: widths, options: spec }).capability;
		expect(capability).toEqual(JSON.parse(JSON.stringify(same)));
		expect(basedOn.points).toBe(400);
	});
	it('is of as many of the newest points as asked for, by percentiles where they are not normal', async () => {
		const { capability, basedOn } = await of('width', '?points=100&distribution=percentile');
		const options = { lsl: 9.6, usl: 10.4, target: 10, distribution: 'percentile' };
		const same = analyze({ chart: 'capability', values: widths.slice(-100), options }).capability;
		expect(capability).toEqual(JSON.parse(JSON.stringify(same)));
		expect(basedOn.points).toBe(100);
	});
	it('of one point is not known', async () => expect((await of('one')).capability).toBeNull());
});

describe('the capability of a stream without a specification', () => {
	it('is not known', async () => {
		const hub = await startHub();
		await hub.write(pointsOf('width', widths.slice(0, 30)));
		const { capability } = await hub.get<ApiCapability>(`/api/v1/streams/${await hub.streamId('width')}/capability`);
		expect(capability).toBeNull();
		await hub.stop();
	});
});
