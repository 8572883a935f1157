import { describe, expect, it } from 'vitest';
import { analyze } from '../analyze/analyze.ts';
import { DocumentError } from '../analyze/fault.ts';

const known = { centre: 0, sigma: 1 };

function faultsOf(rules: unknown): string[] {
	try {
		analyze({ values: [1, 2], rules, baseline: known });
	} catch (error) {
		if (error instanceof DocumentError) return error.faults.map(({ path, message }) => `${path} ${message}`);
		throw error;
	}
	return [];
}

describe('a custom rule', () => {
	it('signals under its name', () => {
		const rules = [{ name: 'hot', count: 2, of: 3, beyond: 1.5 }];
		const { signals } = analyze({ values: [1.6, 0, 1.6, 0], rules, baseline: known });
		expect(signals.filter(({ chart }) => chart === 'i')).toEqual([
			{ chart: 'i', index: 2, rule: 'hot', side: 'above', span: [0, 2] },
		]);
	});
	const f = (rule: object, fault: string) => expect(faultsOf([rule])).toContainEqual(expect.stringContaining(fault));
	it('has a name', () => f({ run: 9 }, '$.rules[0].name must be a name'));
	it("has no number of Nelson's", () => f({ name: '3', run: 9 }, '$.rules[0].name is a number'));
	it('has one condition', () => f({ name: 'x', run: 9, trend: 6 }, '$.rules[0] must say one of'));
	it('has a condition', () => f({ name: 'x' }, '$.rules[0] must say one of'));
	it('counts no more than there are', () => f({ name: 'x', count: 4, of: 3, beyond: 1 }, '$.rules[0].count is over'));
	it('looks no further back than 32', () => f({ name: 'x', run: 33 }, '$.rules[0].run must be'));
	it('has a side that exists', () => f({ name: 'x', beyond: 3, side: 'up' }, '$.rules[0].side must be'));
	it('has no field that we do not know', () => f({ name: 'x', run: 9, sgima: 1 }, '$.rules[0].sgima is unknown'));
	it('names what is wrong deep inside', () =>
		f({ name: 'x', any: [{ run: 8 }, { all: [{ trend: 2 }, { run: 4 }] }] }, '$.rules[0].any[1].all[0].trend'));
	it('has a name of its own', () =>
		expect(
			faultsOf([
				{ name: 'x', run: 9 },
				{ name: 'x', run: 8 },
			]),
		).toEqual(['$.rules[1].name "x" is the name of a rule before it']));
});

describe('a named set', () => {
	const f = (rules: string, values: number[], want: (number | string)[]) => {
		const { signals } = analyze({ values, rules, baseline: known });
		expect([...new Set(signals.filter(({ chart }) => chart === 'i').map(({ rule }) => rule))]).toEqual(want);
	};
	it('western-electric runs over eight', () => f('western-electric', Array<number>(8).fill(0.5), [2]));
	it('aiag runs over seven', () => f('aiag', Array<number>(7).fill(0.5), [2]));
	it('westgard has a range of four sigma', () => f('westgard', [2.1, -2.1], ['R-4s']));
	it('none is silent', () => f('none', [9, 9], []));
	it('moves its single limit with the drawn one', () => {
		const options = { limitsSigma: 2.5 };
		const { signals } = analyze({ values: [2.6, 0], rules: 'western-electric', baseline: known, options });
		expect(signals).toMatchObject([{ chart: 'i', rule: 1, index: 0 }]);
	});
});
