import { describe, expect, it } from 'vitest';
import { AIAG_RULES, NELSON_RULES, WESTERN_ELECTRIC_RULES, WESTGARD_RULES, type Rule } from './condition.ts';
import { falseAlarmsPerDay, inControlRunLength } from './run-length.ts';
import { simulatedRunLength } from './simulate.ts';

const nelson = (...numbers: number[]): Rule[] => numbers.map((n) => NELSON_RULES[n - 1]!);

describe('the in-control run length', () => {
	const f = (rules: readonly Rule[], points: number) => {
		const found = inControlRunLength(rules);
		expect(found.standardError).toBe(0);
		expect(found.points / points).toBeCloseTo(1, 5);
	};
	// Exact values: Markov chains; those of Western Electric are Champ & Woodall's (Technometrics 29, 1987).
	it('of rule 1 is 370.4', () => f(nelson(1), 370.398347));
	it('of rule 2 is 511', () => f(nelson(2), 511));
	it('of rule 5 is 510.7', () => f(nelson(5), 510.688514));
	it('of rule 6 is 291.3', () => f(nelson(6), 291.319248));
	it('of rule 7 is 963.3', () => f(nelson(7), 963.271544));
	it('of rule 8 is 14342', () => f(nelson(8), 14342.295595));
	it('of rules 1, 2, 5 and 6 is 109.05', () => f(nelson(1, 2, 5, 6), 109.049317));
	it('of rules 1, 2, 5 to 8 is 98.18', () => f(nelson(1, 2, 5, 6, 7, 8), 98.177588));
	it('of the Western Electric set is 91.75', () => f(WESTERN_ELECTRIC_RULES, 91.750773));
	it('of one and two of three is 225.4', () => f(nelson(1, 5), 225.438407));

	it('is exact where simulation agrees', () => {
		const { points, standardError } = simulatedRunLength(WESTGARD_RULES);
		expect(Math.abs(points - inControlRunLength(WESTGARD_RULES).points)).toBeLessThan(3.3 * standardError);
	});
	it('of all eight is simulated, and says how well', () => {
		const { points, standardError } = inControlRunLength(NELSON_RULES);
		expect(standardError).toBeGreaterThan(0);
		expect(Math.abs(points - 73.476)).toBeLessThan(3.3 * standardError);
	});
	it('of the AIAG set is shorter: its runs are of seven', () =>
		expect(inControlRunLength(AIAG_RULES).points).toBeLessThan(65));
	it('says what a set costs a day: rule 1 every second 233 false alarms', () =>
		expect(falseAlarmsPerDay(nelson(1), 1000)).toBeCloseTo(233.3, 1));
});
