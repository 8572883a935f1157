import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '#contracts/error.ts';
import { metric, NOW, openHub, principalOf, shareHub } from './testing/hub.ts';

const point = (v: number, more: object = {}) => ({ stream: 'press-1/temperature', t: NOW - 1000 + v, v, ...more });
const lines = (...items: object[]) => items.map((item) => JSON.stringify(item)).join('\n');

describe('points', () => {
	it('as ndjson are in the journal once answered', async () => {
		const hub = await openHub();
		const answer = await hub.post(
			lines(point(1, { labels: { line: 'a' } }), point(2, { quality: 64, t: '2023-11-14T22:13:19.5Z' })),
		);
		expect(answer).toEqual({ accepted: 2, duplicates: 0, refused: 0, errors: [] });
		const same = { key: 'press-1/temperature', site: 'a', historical: false };
		expect(await hub.points()).toEqual([
			{ ...same, labels: { line: 'a' }, t: NOW - 999, v: 1, quality: 192 },
			{ ...same, labels: {}, t: NOW - 500_000, v: 2, quality: 64 },
		]);
	});
	it('as an array do the same, whatever the content type says', async () => {
		const hub = await openHub();
		expect(await hub.post([point(1), point(2)])).toMatchObject({ accepted: 2 });
		expect(await hub.post([point(3)], { contentType: 'application/json; charset=utf-8' })).toMatchObject({
			accepted: 1,
		});
	});
	it('as an array may begin with a byte order mark', async () => {
		const hub = await openHub();
		expect(await hub.post(`\ufeff${JSON.stringify([point(1)])}`)).toMatchObject({ accepted: 1 });
	});
	it('without a time have that of the hub', async () => {
		const hub = await openHub();
		await hub.post({ stream: 's', v: 1 });
		expect((await hub.points())[0]?.t).toBe(NOW);
	});
	it('belong to the site of the key, and so do their streams', async () => {
		const hub = await openHub();
		await hub.post([point(1)]);
		await hub.post([point(1)], { principal: principalOf('k2', 'b') });
		expect((await hub.points()).map(({ site }) => site)).toEqual(['a', 'b']);
	});
	it('can be history', async () => {
		const hub = await openHub();
		await hub.post([point(1)], { historical: true });
		expect((await hub.points())[0]?.historical).toBe(true);
	});
	it('of one time of one stream are duplicates after the first, in any order', async () => {
		const hub = await openHub();
		const answer = await hub.post([point(5), point(3), point(5, { v: 9 }), point(3), point(4), point(4)].map((p) => p));
		expect(answer).toMatchObject({ accepted: 3, duplicates: 3 });
		expect((await hub.points()).map(({ v }) => v)).toEqual([5, 3, 4]);
	});
	it('of the time that was judged last are duplicates', async () => {
		const hub = await openHub({ lastMicros: () => NOW - 999 });
		expect(await hub.post([point(1), point(2)])).toMatchObject({ accepted: 1, duplicates: 1 });
	});
	it('in any number are in records that brokers take', async () => {
		const hub = await openHub();
		const many = Array.from({ length: 45_000 }, (_, i) => ({ stream: `s${i % 7}`, t: NOW - 1e6 + i, v: i }));
		expect(await hub.post(many, { idempotencyKey: 'x' })).toMatchObject({ accepted: 45_000 });
		expect(await hub.post(many, { idempotencyKey: 'x' })).toMatchObject({ accepted: 0, duplicates: 45_000 });
		expect((await hub.records('points')).every(({ bytes }) => bytes.length < 512 * 1024)).toBe(true);
		expect((await hub.points()).map(({ v }) => v)).toEqual(many.map(({ v }) => v));
	});
	it('sent again with the same Idempotency-Key change nothing, also without times', async () => {
		const hub = await openHub();
		const body = { stream: 's', v: 1 };
		expect(await hub.post(body, { idempotencyKey: 'one' })).toMatchObject({ accepted: 1 });
		hub.setNow(NOW + 1e6);
		expect(await hub.post(body, { idempotencyKey: 'one' })).toMatchObject({ accepted: 0, duplicates: 1 });
		expect(await hub.points()).toHaveLength(1);
	});
	it('of two senders with the same Idempotency-Key are two requests', async () => {
		const hub = await openHub();
		await hub.post([point(1)], { idempotencyKey: 'one' });
		await hub.post([point(2)], { idempotencyKey: 'one', principal: principalOf('other', 'a') });
		expect(await hub.points()).toHaveLength(2);
	});
	it('are counted by what became of them', async () => {
		const hub = await openHub();
		await hub.post([point(1), point(1), point(2, { v: null }), { v: 1 }]);
		expect(await metric(hub, 'ingest_points_accepted_total', { via: 'points' })).toBe(1);
		expect(await metric(hub, 'ingest_points_duplicate_total')).toBe(1);
		expect(await metric(hub, 'ingest_points_refused_total', { reason: 'value' })).toBe(1);
		expect(await metric(hub, 'ingest_points_refused_total', { reason: 'stream' })).toBe(1);
		expect(await metric(hub, 'ingest_bytes_total')).toBeGreaterThan(100);
	});
});

describe('a bad point is named with its place and cause, and the others are stored', () => {
	const { hub, nextSite } = shareHub();
	const f = async (body: string | object, errors: (string | RegExp)[], accepted = 1) => {
		const site = nextSite();
		const answer = await hub().post(body, { principal: principalOf('k', site) });
		expect(answer).toMatchObject({ accepted, refused: errors.length });
		answer.errors.forEach(({ path, message }, i) => {
			const want = errors[i];
			const text = `${path}: ${message}`;
			if (want instanceof RegExp) expect(text).toMatch(want);
			else expect(text).toBe(want);
		});
		expect((await hub().points()).filter((one) => one.site === site)).toHaveLength(accepted);
	};
	const good = JSON.stringify(point(1));
	it('malformed JSON', () => f(`${good}\n\n{"stream": "x", "v": }`, [/^line 3: malformed JSON: /]));
	it('NaN', () =>
		f(`{"stream":"x","v":NaN}\n${good}`, [/^line 1: malformed JSON: .* \(JSON has no NaN and no Infinity\)$/]));
	it('null for a value', () => f([point(1), point(2, { v: null })], ['$[1].v: must be a finite number, not null']));
	it('text for a value', () => f([point(1), point(2, { v: '21.5' })], ['$[1].v: must be a finite number, not "21.5"']));
	it('no value', () => f([point(1), { stream: 's' }], ['$[1].v: must be a finite number, not missing']));
	it('a value too large for a double', () =>
		f(`${good}\n{"stream":"x","v":1e999}`, ['line 2: $.v: must be a finite number, not Infinity']));
	it('an unknown field', () =>
		f(`${good}\n{"stream":"x","v":1,"valeu":2}`, [
			'line 2: $.valeu: unknown field; a point has stream, t, v, quality, unit, labels',
		]));
	it('a site in the payload', () => f([point(1), point(2, { site: 'b' })], [/^\$\[1\]\.site: unknown field/]));
	it('a time of 9999', () =>
		f(
			[point(1), point(2, { t: '9999-01-01T00:00:00Z' })],
			[/^\$\[1\]\.t: time 9999-01-01T00:00:00Z is more than five minutes ahead/],
		));
	it('a time of 1969', () =>
		f([point(1), point(2, { t: '1969-12-31T23:59:59Z' })], [/^\$\[1\]\.t: time 1969.* is before 1971/]));
	it('milliseconds for microseconds', () =>
		f([point(1), point(2, { t: 1_700_000_000_000 })], [/milliseconds\? numbers are microseconds/]));
	it('a time that is none', () =>
		f([point(1), point(2, { t: 'yesterday' })], [/^\$\[1\]\.t: "yesterday" is no time: write RFC 3339/]));
	it('null for a time', () => f([point(1), point(2, { t: null })], [/^\$\[1\]\.t: null is no time/]));
	it('markup in a name', () =>
		f([point(1), point(2, { stream: '<img src=x>' })], [/^\$\[1\]\.stream: stream "<img src=x>" has a character/]));
	it('ten kilobytes of name', () =>
		f(
			[point(1), point(2, { stream: 'x'.repeat(10_000) })],
			['$[1].stream: stream has 10000 characters; 200 are allowed'],
		));
	it('no name', () => f([point(1), { v: 1 }], ['$[1].stream: stream must be a string, not undefined']));
	it('labels that are none', () =>
		f([point(1), point(2, { labels: { a: 1 } })], ['$[1].labels: label "a" must be a string']));
	it('a quality that is none', () =>
		f([point(1), point(2, { quality: 100 })], [/^\$\[1\]\.quality: must be 0 \(bad\), 64/]));
	it('a unit with markup', () => f([point(1), point(2, { unit: '<b>' })], [/^\$\[1\]\.unit: must be/]));
	it('an item that is no point', () =>
		f(
			[point(1), [], 3, null],
			['$[1]: is an array, not a point', '$[2]: is 3, not a point', '$[3]: is null, not a point'],
		));
	it('a line that is not UTF-8', async () => {
		const body = Buffer.concat([
			Buffer.from(`${good}\n{"stream":"`),
			Buffer.from([0xff]),
			Buffer.from(`","v":1}\n${good.replace('"v":1', '"v":7').replace(/"t":\d+/, `"t":${NOW}`)}`),
		]);
		expect(await hub().post('', { body })).toMatchObject({
			accepted: 2,
			errors: [{ path: 'line 2', message: 'is not UTF-8' }],
		});
	});
});

describe('nothing good', () => {
	const { hub } = shareHub();
	const f = async (body: string, message: RegExp) => {
		await expect(hub().post(body)).rejects.toThrow(InputError);
		await expect(hub().post(body)).rejects.toThrow(message);
		expect(await hub().records('points', 'commands')).toEqual([]);
	};
	it('an empty body', () => f('', /there are no points in the body/));
	it('an empty array', () => f('[]', /there are no points/));
	it('an array that breaks off', () => f('[{"stream":"s","v":1}', /cannot read the body/));
	it('only bad points', () => f('[{"v":1},{"v":2}]', /^\$\[0\]\.stream: .* \(and 1 more\)$/));
	it('only a hundred faults are listed', async () => {
		const error = await hub()
			.post('{}\n'.repeat(250))
			.catch((e: unknown) => e);
		expect((error as InputError).faults).toHaveLength(100);
	});
});

describe('for any body', () => {
	it('every good line of a body with bad ones is stored', async () => {
		const hub = await openHub();
		let t = NOW - 1e9;
		const good = fc.record({
			stream: fc.stringMatching(/^[a-z]{1,3}$/),
			v: fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0),
		});
		const bad = fc.oneof(
			fc.json().filter((text) => text.trim() !== ''),
			fc.stringMatching(/^[ -~]{1,20}$/).filter((text) => text.trim() !== ''),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.oneof(good, bad), { minLength: 1, maxLength: 10 }), async (items) => {
				const wanted = items.filter((item) => typeof item === 'object').map((item) => ({ ...item, t: t++ }));
				let next = 0;
				const body = items.map((item) => (typeof item === 'object' ? JSON.stringify(wanted[next++]) : item)).join('\n');
				const { lastSeq } = await hub.journal.stats();
				const answer = await hub.post(body, { contentType: 'application/x-ndjson' }).catch((error: unknown) => {
					expect(error).toBeInstanceOf(InputError);
					return { accepted: 0, refused: items.length };
				});
				expect(answer).toMatchObject({ accepted: wanted.length, refused: items.length - wanted.length });
				const stored = (await hub.points()).slice(-wanted.length || Infinity);
				expect(stored.map(({ key, v, t: at }) => ({ stream: key, v, t: at }))).toEqual(wanted);
				expect((await hub.journal.stats()).lastSeq).toBeGreaterThanOrEqual(lastSeq);
			}),
			{ numRuns: 60 },
		);
	});
	it('no bytes bring anything but an answer or an InputError', async () => {
		const hub = await openHub();
		const part = fc.oneof(
			fc.uint8Array({ maxLength: 8 }),
			fc.constantFrom('[', ']', '{"stream":"s","v":1', '}', '\n', ',', '"t":1e300', '{"__proto__":{"v":1}}', '[[[['),
		);
		await fc.assert(
			fc.asyncProperty(
				fc.array(part),
				fc.constantFrom('', 'application/json', 'application/x-ndjson'),
				async (parts, contentType) => {
					const body = Buffer.concat(parts.map((text) => (typeof text === 'string' ? Buffer.from(text) : text)));
					await hub.post('', { body, contentType }).catch((error: unknown) => expect(error).toBeInstanceOf(InputError));
				},
			),
			{ numRuns: 300 },
		);
	});
});
