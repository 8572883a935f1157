import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand, parseCommand, type Command } from './command.ts';
import { DEFAULT_PLAN, planSchema } from './plan.ts';
import type { Stream } from './stream.ts';

const STREAM: Stream = {
	id: 4_294_967_295,
	site: 'plant-a',
	key: 'Presse 1/Öltemperatur',
	labels: { line: 'ä' },
	asset: 'Presse 1',
	kind: 'machine',
	unit: '°C',
};

describe('a command is parsed as it was encoded', () => {
	const f = (command: Command) => expect(parseCommand(encodeCommand(command))).toEqual(command);
	it('a tick', () => f({ type: 'tick', tMicros: 1_767_225_600_000_001 }));
	it('a stream', () => f({ type: 'stream', stream: STREAM, plan: DEFAULT_PLAN, planRevision: 1 }));
	it('a stream with a plan that says everything', () => {
		const plan = planSchema.parse({
			...{ rules: [1], baseline: { centre: 0.1, sigma: 1e-300 }, spec: { lsl: -1, usl: 1, target: 0 } },
			...{ expect: '250ms', alert: 'ops', reaction: ['Kühlmittel prüfen'] },
		});
		f({ type: 'stream', stream: STREAM, plan, planRevision: 2 ** 40 });
	});
	it('a gap', () => f({ type: 'gap', streamId: 1, fromMicros: 1, toMicros: 2, reason: 'disconnected "again"\n' }));
	it('a gap of any time, with any reason', () =>
		fc.assert(
			fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), (from, to, reason) => {
				f({ type: 'gap', streamId: 1, fromMicros: from, toMicros: to, reason });
			}),
		));
});
