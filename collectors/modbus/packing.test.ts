import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_AT_ONCE, packRequests, splitRequest, TABLES, type Extent, type Request } from './packing.ts';

const holding = (address: number, count = 1, unitId = 1): Extent => ({ unitId, table: 'holding', address, count });
const shown = (requests: readonly Request<Extent>[]) =>
	requests.map(
		({ unitId, table, address, count, wanted }) => `${unitId} ${table} ${address}+${count} for ${wanted.length}`,
	);

describe('requests', () => {
	const f = (extents: Extent[], want: string[], options: object = {}) =>
		expect(shown(packRequests(extents, { mostAtOnce: 125, hole: 8, ...options }))).toEqual(want);
	it('take neighbours together', () => f([holding(2, 2), holding(0, 2)], ['1 holding 0+4 for 2']));
	it('go over a hole that is small', () => f([holding(0), holding(9)], ['1 holding 0+10 for 2']));
	it('do not go over a hole that is not', () =>
		f([holding(0), holding(10)], ['1 holding 0+1 for 1', '1 holding 10+1 for 1']));
	it('do not read what nobody wants when told so', () =>
		f([holding(0), holding(1), holding(3)], ['1 holding 0+2 for 2', '1 holding 3+1 for 1'], { hole: 0 }));
	it('are no longer than the protocol allows', () =>
		f([holding(0, 4), holding(4, 121), holding(125)], ['1 holding 0+125 for 2', '1 holding 125+1 for 1']));
	it('are no longer than the device allows', () =>
		f([holding(0, 2), holding(2, 2)], ['1 holding 0+2 for 1', '1 holding 2+2 for 1'], { mostAtOnce: 3 }));
	it('are of one unit and one table', () =>
		f(
			[holding(0), holding(0, 1, 2), { ...holding(1), table: 'input' }],
			['1 input 1+1 for 1', '1 holding 0+1 for 1', '2 holding 0+1 for 1'],
		));
	it('read overlapping values once', () => f([holding(0, 4), holding(1)], ['1 holding 0+4 for 2']));
	it('are halved until one value is left', () => {
		const [whole] = packRequests([holding(0), holding(1), holding(2)], { mostAtOnce: 125, hole: 8 });
		const halves = whole && splitRequest(whole);
		expect(shown(halves ?? [])).toEqual(['1 holding 0+2 for 2', '1 holding 2+1 for 1']);
		expect(halves?.[1] && splitRequest(halves[1])).toBeUndefined();
	});

	const extent = fc.record({
		unitId: fc.integer({ min: 1, max: 3 }),
		table: fc.constantFrom(...TABLES),
		address: fc.nat(300),
		count: fc.integer({ min: 1, max: 4 }),
	});
	it('hold each value once and whole, within what one answer may have', () =>
		fc.assert(
			fc.property(fc.array(extent), fc.nat(20), fc.integer({ min: 4, max: 125 }), (extents, hole, mostAtOnce) => {
				const requests = packRequests(extents, { mostAtOnce, hole });
				const wanted = requests.flatMap((request) => request.wanted);
				expect(wanted).toHaveLength(extents.length);
				expect(new Set(wanted)).toEqual(new Set(extents));
				for (const { wanted: some, address, count, table, unitId } of requests) {
					expect(count).toBeLessThanOrEqual(MOST_AT_ONCE[table]);
					for (const one of some)
						expect([one.unitId, one.table, one.address >= address, one.address + one.count <= address + count]).toEqual(
							[unitId, table, true, true],
						);
				}
			}),
		));
});
