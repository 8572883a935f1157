import { changePoint } from '#rules';
import type { Finding } from '../finding.ts';
import type { Frame } from '../frame.ts';
import { between } from '../series.ts';
import type { Series, Situation } from '../situation.ts';
import { meanOf } from '../statistics.ts';
import { pointsQuery, shown, shownSpan } from './words.ts';

const LEAST_CYCLES = 2.5;
const LEAST_POINTS = 40;
/** Of the variation that a sine takes with it. */
const LEAST_SHARE = 0.28;
const PARAMETERS = 4;

/** A swing that repeats, where that explains the points better than a step does; a step alone looks like a part of a slow one. */
export function cycleIn(situation: Situation, frame: Frame): Finding | undefined {
	const { own } = situation;
	const startMicros = frame.calm.tMicros[0] ?? frame.onset.tMicros;
	const windows = [between(own, startMicros, frame.endMicros), between(own, frame.onset.tMicros, frame.endMicros)];
	const found = windows.flatMap((window) => strongest(window, frame) ?? []).toSorted((a, b) => b.margin - a.margin)[0];
	if (!found) return undefined;
	const [fromMicros, toMicros] = [found.window.tMicros[0]!, frame.endMicros];
	const isModel = situation.stream.kind === 'llm';
	return {
		kind: 'pattern',
		value: found.periodMicros / 1e6,
		fromMicros,
		toMicros,
		query: pointsQuery(situation.stream.id, fromMicros, toMicros),
		detail: `The points swing with a period of ${shownSpan(found.periodMicros)}; that explains ${shown(100 * found.share)} % of their variation.`,
		series: { stream: situation.stream.key, points: found.window },
		speaks: isModel
			? { queueing: 0.5, 'provider-slowdown': 0.3 }
			: {
					...{
						'cyclic-environment': 2 + Math.min(1.5, found.margin / 20),
						'over-adjustment': 0.3,
						'process-shift': -1,
					},
					...{
						'sensor-bias': -1,
						'setpoint-change': -1,
						'material-change': -1,
						'tool-wear-drift': -0.8,
						'sensor-noise': -0.5,
					},
					...{ 'mixed-sources': -1, 'normal-variation': -1.5 },
				},
	};
}

function strongest(window: Series, frame: Frame) {
	const n = window.v.length;
	if (n < LEAST_POINTS) return undefined;
	const z = window.v.map(frame.zOf);
	const mean = meanOf(z);
	const total = z.reduce((sum, v) => sum + (v - mean) ** 2, 0);
	let best = { share: 0, cycles: 0 };
	for (let cycles = LEAST_CYCLES; cycles <= n / 6; cycles += 0.25) {
		const share = sineShare(z, mean, cycles) / total;
		if (share > best.share) best = { share, cycles };
	}
	const sine = gain(n, best.share) - (PARAMETERS / 2) * Math.log(n);
	const step = changePoint(z);
	const ramp = changePoint(z, { kind: 'slope' });
	const other = Math.max(0, step?.evidence ?? 0, ramp?.evidence ?? 0) / 2;
	const margin = sine - other;
	if (best.share < LEAST_SHARE || margin < 6) return undefined;
	return { ...best, window, margin, periodMicros: (window.tMicros[n - 1]! - window.tMicros[0]!) / best.cycles };
}

/** Sum of squares that the best sine of so many cycles over the window explains. */
function sineShare(z: Float64Array, mean: number, cycles: number): number {
	const step = (2 * Math.PI * cycles) / z.length;
	const [turnC, turnS] = [Math.cos(step), Math.sin(step)];
	let [cc, ss, cs, cv, sv] = [0, 0, 0, 0, 0];
	let [c, s] = [1, 0];
	for (let i = 0; i < z.length; i++) {
		const v = z[i]! - mean;
		cc += c * c;
		ss += s * s;
		cs += c * s;
		cv += c * v;
		sv += s * v;
		// Turned by an angle, not computed anew: a tenth of the time.
		[c, s] = [c * turnC - s * turnS, s * turnC + c * turnS];
	}
	const determinant = cc * ss - cs * cs;
	return determinant > 1e-9 ? (ss * cv * cv - 2 * cs * cv * sv + cc * sv * sv) / determinant : 0;
}

const gain = (count: number, share: number) => (-count / 2) * Math.log(Math.max(1e-9, 1 - share));
