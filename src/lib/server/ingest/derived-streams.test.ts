import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseCommand } from '#contracts/command.ts';
import { derivedSchema } from '#contracts/derived.ts';
import { openHub } from './testing/hub.ts';

const rules = (...entries: object[]) => derivedSchema.parse(entries);
const POWER = { stream: '*/power', value: 'u * i', unit: 'W' };

const keysOf = async (hub: Awaited<ReturnType<typeof openHub>>) =>
	(await hub.metadata.streams.all()).map(({ stream: { key, labels, unit } }) =>
		[key, ...Object.values(labels), unit].filter(Boolean).join(' '),
	);
const commandsOf = async (hub: Awaited<ReturnType<typeof openHub>>) =>
	(await hub.records('commands')).map(({ bytes }) => parseCommand(bytes));

describe('a stream that is computed from others', () => {
	it('is made with the first of them, for each asset and each set of labels', async () => {
		const hub = await openHub({ derived: () => rules(POWER) });
		await hub.post([
			{ stream: 'a/u', v: 1 },
			{ stream: 'b/i', v: 1, labels: { line: 'x' } },
			{ stream: 'c/other', v: 1 },
		]);
		expect(await keysOf(hub)).toEqual(['a/u', 'b/i x', 'c/other', 'a/power W', 'b/power x W']);
	});
	it('is made of others that are computed, too', async () => {
		const hub = await openHub({ derived: () => rules(POWER, { stream: 'a/step', value: 'difference(power)' }) });
		await hub.post([{ stream: 'a/u', v: 1 }]);
		expect(await keysOf(hub)).toEqual(['a/u', 'a/power W', 'a/step']);
	});
	it('has the labels that its rule wants, or is not made', async () => {
		const hub = await openHub({ derived: () => rules({ ...POWER, labels: { line: 'x' } }) });
		await hub.post([{ stream: 'a/u', v: 1 }]);
		expect(await keysOf(hub)).toEqual(['a/u']);
	});
	it('is made at the start where its inputs are there already, and the engine is told once', async () => {
		const path = await mkdtemp(join(tmpdir(), 'derived-'));
		onTestFinished(() => rm(path, { recursive: true, force: true }));
		const before = await openHub({ folder: path });
		await before.post([{ stream: 'a/u', v: 1 }]);
		await before.close();
		const first = await openHub({ folder: path, derived: () => rules(POWER) });
		expect(await keysOf(first)).toEqual(['a/u', 'a/power W']);
		await first.close();
		const hub = await openHub({ folder: path, derived: () => rules(POWER) });
		const commands = await commandsOf(hub);
		expect(commands.filter(({ type }) => type === 'derived')).toEqual([{ type: 'derived', rules: rules(POWER) }]);
		expect(commands.map(({ type }) => type)).toEqual(['stream', 'derived', 'stream']);
	});
	it('takes no points, and says why', async () => {
		const hub = await openHub({ derived: () => rules(POWER) });
		await hub.post([{ stream: 'a/u', v: 1 }]);
		await expect(hub.post([{ stream: 'a/power', v: 1 }])).rejects.toThrow(/"a\/power" is derived from other streams/);
		const answer = await hub.post([{ stream: 'a/power', v: 1 }, { stream: 'a/i', v: 2 }]); // prettier-ignore
		expect(answer).toMatchObject({ accepted: 1, refused: 1, errors: [{ path: '$[0]' }] });
	});
	it('counts for no key', async () => {
		const hub = await openHub({ derived: () => rules(POWER), streamsPerKey: 2 });
		await hub.post([{ stream: 'a/u', v: 1 }, { stream: 'a/i', v: 2 }]); // prettier-ignore
		expect(await keysOf(hub)).toHaveLength(3);
	});
	it('follows the configuration: what is no longer computed takes points', async () => {
		let now = rules(POWER);
		const hub = await openHub({ derived: () => now });
		await hub.post([{ stream: 'a/u', v: 1 }]);
		now = [];
		await hub.registry.replan();
		expect(await hub.post([{ stream: 'a/power', v: 1 }])).toMatchObject({ accepted: 1 });
		expect((await commandsOf(hub)).filter(({ type }) => type === 'derived').at(-1)).toEqual({
			type: 'derived',
			rules: [],
		});
	});
	it('is nothing of which the journal knows while none is declared', async () => {
		const hub = await openHub();
		await hub.post([{ stream: 'a/u', v: 1 }]);
		expect((await commandsOf(hub)).map(({ type }) => type)).toEqual(['stream']);
	});
});
