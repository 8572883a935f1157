import { describe, expect, it } from 'vitest';
import { activeFault, CALM_S, PROGRAMME, ROUND_S } from './faults.ts';
import { MACHINES, PROVIDERS } from './plant.ts';

describe('the programme of faults', () => {
	const known = [
		...MACHINES.flatMap(({ kind, characteristics }) => characteristics.map(({ name }) => `${kind}/${name}`)),
		...PROVIDERS.map(({ name }) => name),
	];
	it('names streams that there are', () => expect(PROGRAMME.filter(({ on }) => !known.includes(on))).toEqual([]));
	it('fits into a round', () => expect(PROGRAMME.filter((f) => f.atS + f.lastsS > ROUND_S)).toEqual([]));
	it('never has two faults at once on a stream', () => {
		for (const a of PROGRAMME)
			for (const b of PROGRAMME)
				if (a !== b && a.on === b.on) expect(a.atS + a.lastsS <= b.atS || b.atS + b.lastsS <= a.atS).toBe(true);
	});
	it('has each kind of fault', () =>
		expect(new Set(PROGRAMME.map(({ effect }) => effect.type))).toEqual(
			new Set(['shift', 'drift', 'spike', 'variance', 'stuck', 'dropout', 'slowdown']),
		));
});

describe('a fault', () => {
	const programme = [{ atS: 10, lastsS: 20, on: 'a/b', effect: { type: 'shift', sigmas: 1 } }] as const;
	const f = (atS: number, on = 'a/b') => {
		const fault = activeFault(programme, on, atS);
		return fault && [fault.sinceS, fault.progress];
	};
	it('waits for the calm time to end', () => expect(f(10)).toBeUndefined());
	it('begins at its time', () => expect([f(CALM_S + 9.9), f(CALM_S + 10)]).toEqual([undefined, [CALM_S + 10, 0]]));
	it('knows how far it is', () => expect(f(CALM_S + 25)).toEqual([CALM_S + 10, 0.75]));
	it('ends', () => expect(f(CALM_S + 30)).toBeUndefined());
	it('comes again in the next round', () => expect(f(CALM_S + ROUND_S + 15)).toEqual([CALM_S + ROUND_S + 10, 0.25]));
	it('leaves others alone', () => expect(f(CALM_S + 15, 'a/c')).toBeUndefined());
});
