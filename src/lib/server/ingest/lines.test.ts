import { describe, expect, it } from 'vitest';
import { InputError } from '#contracts/error.ts';
import { metric, NOW, openHub, principalOf, shareHub } from './testing/hub.ts';

const t = NOW - 1000;

describe('line protocol', () => {
	it('is in the journal once answered, from the first body on and from the cache afterwards', async () => {
		const hub = await openHub();
		const body = (from: number) =>
			Array.from({ length: 3 }, (_, i) => `press,line=a temperature=${from + i},load=${i}i ${t + from + i}`).join('\n');
		for (const from of [0, 10, 20])
			expect(await hub.write(body(from))).toEqual({ accepted: 6, duplicates: 0, refused: 0, errors: [] });
		const points = await hub.points();
		expect(points).toHaveLength(18);
		expect(points[6]).toEqual({
			key: 'press/temperature',
			site: 'a',
			labels: { line: 'a' },
			t: t + 10,
			v: 10,
			quality: 192,
			historical: false,
		});
		expect(await hub.commands()).toHaveLength(2);
	});
	it('does not mix the sites of two keys, whatever the tags say', async () => {
		const hub = await openHub();
		for (let i = 0; i < 3; i++)
			for (const site of ['a', 'b'])
				await hub.write(`m,site=other v=1 ${t + i}`, { principal: principalOf('k', site) });
		expect((await hub.points()).map(({ site, labels }) => [site, labels?.['tag_site']])).toEqual(
			Array.from({ length: 6 }, (_, i) => [i % 2 === 0 ? 'a' : 'b', 'other']),
		);
	});
	it('tags in another order name the same stream', async () => {
		const hub = await openHub();
		await hub.write(`m,x=1,y=2 v=1 ${t}\nm,y=2,x=1 v=2 ${t + 1}`);
		expect(await hub.commands()).toHaveLength(1);
	});
	it('an empty body, or one of comments, is nothing to complain of', async () => {
		const hub = await openHub();
		expect(await hub.write('\n# c\n')).toEqual({ accepted: 0, duplicates: 0, refused: 0, errors: [] });
	});
	it('counts string fields', async () => {
		const hub = await openHub();
		expect(await hub.write(`m s="x",v=1 ${t}\nm s="y" ${t}`)).toMatchObject({ accepted: 1, refused: 0 });
		expect(await metric(hub, 'ingest_skipped_fields_total')).toBe(2);
	});
});

describe('bad lines', () => {
	const { hub, nextSite } = shareHub();
	const body = `m v=1 ${t}\nm v= ${t}\nm v=3 ${t + 2}\n<m> v=1`;
	it('take nothing from the good ones, and are listed', async () => {
		const site = nextSite();
		const answer = await hub().write(body, { principal: principalOf('k', site) });
		expect(answer).toMatchObject({
			accepted: 2,
			refused: 2,
			errors: [{ path: 'line 2', message: 'a field has no value' }, { path: 'line 4' }],
		});
		expect((await hub().points()).filter((point) => point.site === site).map(({ v }) => v)).toEqual([1, 3]);
	});
	it('refuse everything with partial=refuse, and make no stream', async () => {
		const site = nextSite();
		const wrote = hub().write(body, { principal: principalOf('k', site), refusePartial: true });
		await expect(wrote).rejects.toThrow('nothing was stored: line 2: a field has no value (and 1 more)');
		expect((await hub().points()).filter((point) => point.site === site)).toEqual([]);
		expect(hub().registry.find(site, 'm/v')).toBeUndefined();
	});
	it('by the hundred thousand are all counted, and the first hundred are put into words', async () => {
		const site = nextSite();
		const bad = 'x\n'.repeat(200_000);
		const answer = await hub().write(`m v=1 ${t}\n${bad}m v=2 ${t + 1}`, { principal: principalOf('k', site) });
		expect(answer).toMatchObject({ accepted: 2, refused: 200_000 });
		expect(answer.errors).toHaveLength(100);
	});
	it('alone are an InputError of a partial write', async () => {
		const wrote = hub().write('m v=NaN');
		await expect(wrote).rejects.toThrow(InputError);
		await expect(wrote).rejects.toThrow('partial write: line 1: NaN is no value: a point has a finite one');
	});
});

describe('a resend', () => {
	const { hub, nextSite } = shareHub();
	const f = async (bodies: string[], duplicates: number[], more: object = {}) => {
		const principal = principalOf('k', nextSite());
		const answers = [];
		for (const body of bodies) answers.push((await hub().write(body, { principal, ...more })).duplicates);
		expect(answers).toEqual(duplicates);
	};
	it('of the same bytes changes nothing', () =>
		f([`m v=1 ${t}\nm v=2 ${t + 1}`, `m v=1 ${t}\nm v=2 ${t + 1}`], [0, 2]));
	it('of lines without times is no resend', () => f(['m v=1', 'm v=1'], [0, 0]));
	it('of which one line has no time is no resend', () => f([`m v=1 ${t}\nm v=2`, `m v=1 ${t}\nm v=2`], [0, 0]));
	it('of other bytes is another body', () => f([`m v=1 ${t}`, `m v=1 ${t} `], [0, 0]));
	it('with bad lines is one too', () => f([`m v=1 ${t}\nbad`, `m v=1 ${t}\nbad`], [0, 1]));
	it('by another key is another body', async () => {
		const site = nextSite();
		for (const name of ['k1', 'k2'])
			expect(await hub().write(`m v=1 ${t}`, { principal: principalOf(name, site) })).toMatchObject({ accepted: 1 });
	});
	it('is known as one for ten minutes', async () => {
		const clock = await openHub();
		// Late for the engine either way; what counts is what the journal takes.
		const body = `m v=1 ${t}\nm v=2 ${t + 1}`;
		const duplicates = async (afterMinutes: number) => {
			clock.setNow(NOW + afterMinutes * 60e6);
			return (await clock.write(body)).duplicates;
		};
		expect([await duplicates(0), await duplicates(9), await duplicates(11)]).toEqual([0, 2, 0]);
	});
	it('whose points were ahead of the clock is taken once the clock has come', async () => {
		const clock = await openHub();
		const late = `m v=1 ${t}\nm v=2 ${NOW + 4e8}`;
		expect(await clock.write(late)).toMatchObject({ accepted: 1, refused: 1 });
		clock.setNow(NOW + 4e8);
		expect((await clock.write(late)).accepted).toBeGreaterThanOrEqual(1);
		expect((await clock.points()).map(({ v }) => v)).toContain(2);
	});
});
