import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile, fQuantile, studentTail } from './beta.ts';
import { chiSquareCdf, chiSquareQuantile } from './chi-square.ts';
import { digamma, gammaTails, lnGamma, trigamma } from './gamma.ts';
import { normalCdf, normalQuantile, normalScore, normalTail } from './normal.ts';

/** Expected values are of mpmath and scipy to all digits of a double, unless a table is named. */
const near = (found: number, value: number, relative = 1e-13) =>
	expect(Math.abs(found - value), `${found} instead of ${value}`).toBeLessThanOrEqual(relative * Math.abs(value));

describe('the normal distribution', () => {
	it.each([
		[0, 0.5],
		[0.5, 0.3085375387259869],
		[1, 0.15865525393145705],
		[2, 0.022750131948179207],
		[3, 0.0013498980316300945],
		[4.5, 3.3976731247300604e-6],
		[6, 9.8658764503769814e-10],
		[9, 1.1285884059538406e-19],
		[20, 2.7536241186062337e-89],
		[37, 5.7255712225245768e-300],
	])('has %d sigma above %d of itself', (z, tail) => {
		near(normalTail(z), tail, z > 9 ? 6e-14 : 4e-15);
		near(normalCdf(-z), tail, z > 9 ? 6e-14 : 4e-15);
		near(normalCdf(z), 1 - tail, 1e-15);
	});
	it.each([
		[1e-300, -37.047096299361199],
		[1e-20, -9.2623400897984076],
		[1e-6, -4.753424308822899],
		[0.00135, -2.9999769927033931],
		[0.025, -1.9599639845400542],
		[0.3, -0.52440051270804082],
	])('has its place %d at %d', (p, z) => near(normalQuantile(p), z, 3e-15));
	it('ends at infinity, and knows nothing outside', () =>
		expect([0, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]));
	it('goes there and back', () =>
		fc.assert(
			fc.property(fc.double({ min: -37, max: 8, noNaN: true }), (z) => {
				expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, z > 6 ? 1 : 9);
				expect(normalScore(normalCdf(z), normalTail(z))).toBeCloseTo(z, 12);
			}),
		));
	it('rises', () =>
		fc.assert(
			fc.property(
				fc.double({ min: -38, max: 8, noNaN: true }),
				fc.double({ min: 1e-9, max: 1, noNaN: true }),
				(z, more) => normalCdf(z + more) >= normalCdf(z),
			),
		));
	it('says nothing of what is no number', () => expect(normalCdf(NaN)).toBeNaN());
});

describe('the gamma function', () => {
	it.each([
		[0.1, 2.2527126517342059, -10.423754940411076, 101.43329915079275],
		[0.5, 0.57236494292470009, -1.9635100260214235, 4.9348022005446793],
		[3.7, 1.4280723266653881, 1.1671535393615114, 0.3100378576700383],
		[25, 54.784729398112319, 3.198742512851974, 0.040810663257225579],
		[1000, 5905.2204232091812, 6.9072551956488121, 0.0010005001666666333],
	])('of %d: logarithm %d, its derivatives %d and %d', (x, log, first, second) => {
		near(lnGamma(x), log, 2e-14);
		near(digamma(x), first, 1e-9);
		near(trigamma(x), second, 1e-9);
	});
});

describe('the gamma distribution', () => {
	it.each([
		[0.01, 0.5, 0.11246291601828489, 0.88753708398171511],
		[1, 0.5, 0.84270079294971487, 0.15729920705028513],
		[3, 2, 0.80085172652854423, 0.19914827347145577],
		[30, 20, 0.97812653155860915, 0.021873468441390853],
		[5, 30, 2.8175176155779226e-14, 1],
		[90, 30, 1, 6.3926569911374996e-14],
		[1200, 1000, 0.99999999871183939, 1.2881606086281433e-9],
		[100_900, 100_000, 0.99773447217943663, 0.0022655278205633734],
	])('at %d with shape %d has %d below and %d above', (x, shape, below, above) => {
		const [found, rest] = gammaTails(x, shape);
		near(found, below, shape > 1e4 ? 1e-9 : 1e-11);
		near(rest, above, shape > 1e4 ? 1e-9 : 1e-11);
	});
	it('has everything above zero and below', () => expect([gammaTails(0, 2), gammaTails(-1, 2)]).toEqual(times(2)));
});

const times = (count: number) => Array.from({ length: count }, () => [0, 1]);

describe('chi-square', () => {
	it.each([
		[0.025, 24, 12.401150217444435],
		[0.975, 24, 39.36407702660391],
		[0.5, 1, 0.454936423119572],
		[0.001, 3.7, 0.06541446898331545],
		[0.999, 150, 209.26460477480072],
	])('has its place %d with %d degrees of freedom at %d', (p, df, x) => {
		near(chiSquareQuantile(p, df), x, 1e-12);
		near(chiSquareCdf(x, df), p, 1e-12);
	});
	it.each([
		// Abramowitz & Stegun, table 26.8; Montgomery, appendix III.
		[0.95, 10, '18.31'],
		[0.99, 5, '15.09'],
		[0.05, 30, '18.49'],
		[0.995, 1, '7.88'],
	])('is that of printed tables: %d, %d: %s', (p, df, printed) =>
		expect(chiSquareQuantile(p, df).toFixed(2)).toBe(printed),
	);
	it('has no place outside', () =>
		expect([chiSquareQuantile(0, 3), chiSquareQuantile(1, 3), chiSquareQuantile(0.5, 0)]).toEqual([NaN, NaN, NaN]));
});

describe('the beta distribution', () => {
	it.each([
		[0.3, 2, 5, 0.579825],
		[0.9, 0.5, 0.5, 0.79516723530086657],
		[0.001, 10, 1, 1e-30],
		[0.02, 3, 300, 0.94154740796113728],
		[0.7, 50, 20, 0.38250924838123325],
	])('at %d with %d and %d is %d', (x, a, b, p) => {
		near(betaCdf(x, a, b), p, 1e-12);
		near(betaQuantile(p, a, b), x, 1e-12);
	});
	it('ends at 0 and 1', () => expect([betaCdf(-1, 2, 2), betaCdf(2, 2, 2)]).toEqual([0, 1]));
});

describe("Fisher's F and Student's t", () => {
	it.each([
		[0.99, 2, 10, 7.559432157547899],
		[0.9973, 2, 19, 8.205425446713594],
		[0.5, 5, 5, 1],
	])('F has its place %d with %d and %d at %d', (p, df1, df2, x) => near(fQuantile(p, df1, df2), x, 1e-11));
	it.each([
		[2.5, 5, 0.02724504967118813],
		[10, 3, 0.0010641995292070751],
		[0.3, 2.1, 0.3956427261947584],
		[40, 11, 1.446270449060285e-13],
	])('t has beyond %d with %d degrees of freedom %d', (t, df, tail) => near(studentTail(t, df), tail, 1e-12));
	it('are those of printed tables: 5 % of F(3, 12) beyond 3.49, 2.5 % of t(10) beyond 2.228', () => {
		expect(fQuantile(0.95, 3, 12).toFixed(2)).toBe('3.49');
		expect(studentTail(2.228, 10)).toBeCloseTo(0.025, 4);
	});
});
