import { normalCdf, normalScore } from '#rules';
import { createNormal, createRandom } from '#rules/testing/random.ts';

/** A process whose truth is known. Its reference is what a chart would judge that knew the truth. */
export interface Process {
	readonly name: string;
	readonly sigma: number;
	readonly intervalMs: number;
	/** Values without end; `shift` is added to each, in sigmas. */
	start(seed: number): (shift: number) => number;
	/** What is new in each value, as a normal score, by the true parameters. */
	reference(): (value: number) => number;
}

const INTERVAL_MS = 240_000;

type Draw = (normal: () => number, uniform: () => number) => number;

function independent(name: string, sigma: number, draw: Draw, score: (value: number) => number): Process {
	return {
		name,
		sigma,
		intervalMs: INTERVAL_MS,
		start(seed) {
			const normal = createNormal(seed);
			const uniform = createRandom(seed ^ 0x5bd1e995);
			return (shift) => draw(normal, uniform) + shift * sigma;
		},
		reference: () => score,
	};
}

function autoregressive(name: string, phi: number): Process {
	const spread = Math.sqrt(1 - phi * phi);
	return {
		name,
		sigma: 1,
		intervalMs: INTERVAL_MS,
		start(seed) {
			const normal = createNormal(seed);
			let level = normal();
			return (shift) => {
				level = phi * level + spread * normal();
				return level + shift;
			};
		},
		reference() {
			let last = NaN;
			return (value) => {
				const score = last === last ? (value - phi * last) / spread : value;
				last = value;
				return score;
			};
		},
	};
}

function logNormal(sigma: number): Process {
	const spread = Math.exp(sigma ** 2 / 2) * Math.sqrt(Math.expm1(sigma ** 2));
	return independent(
		`logNormal${sigma}`,
		spread,
		(normal) => Math.exp(sigma * normal()),
		(v) => (v > 0 ? Math.log(v) / sigma : -8),
	);
}

const exponential: Draw = (_, uniform) => -Math.log(1 - uniform());

function student(degrees: number): Draw {
	return (normal) => {
		const z = normal();
		let squares = 0;
		for (let i = 0; i < degrees; i++) squares += normal() ** 2;
		return z / Math.sqrt(squares / degrees);
	};
}

const CYCLE = 48;
const wave = (i: number) => 2 * Math.sin((2 * Math.PI * i) / CYCLE);

const daily: Process = {
	name: 'dailyCycle',
	sigma: 1,
	intervalMs: 1_800_000,
	start(seed) {
		const normal = createNormal(seed);
		let i = 0;
		return (shift) => wave(i++) + normal() + shift;
	},
	reference() {
		let i = 0;
		return (value) => value - wave(i++);
	},
};

export const PROCESSES: readonly Process[] = [
	independent(
		'normal',
		1,
		(normal) => normal(),
		(v) => v,
	),
	logNormal(0.4),
	logNormal(0.8),
	independent(
		'gamma2',
		Math.SQRT2,
		(normal, uniform) => exponential(normal, uniform) + exponential(normal, uniform),
		(v) => scoreAbove(v > 0 ? Math.exp(-v) * (1 + v) : 1),
	),
	independent('exponential', 1, exponential, (v) => scoreAbove(v > 0 ? Math.exp(-v) : 1)),
	independent('student5', Math.sqrt(5 / 3), student(5), (v) => {
		const angle = Math.atan(v / Math.sqrt(5));
		const cos = Math.cos(angle);
		return scoreAbove(0.5 - (angle + Math.sin(angle) * cos * (1 + (2 / 3) * cos * cos)) / Math.PI);
	}),
	autoregressive('ar0.5', 0.5),
	autoregressive('ar0.9', 0.9),
	independent(
		'rounded',
		Math.sqrt(1 + 0.04 / 12),
		(normal) => Math.round(5 * normal()) / 5,
		(v) => v,
	),
	independent(
		'twoModes',
		Math.sqrt(5),
		(normal, uniform) => (uniform() < 0.5 ? -2 : 2) + normal(),
		(v) => scoreAbove(mixed(-v)),
	),
	daily,
];

function mixed(v: number): number {
	return 0.5 * (normalCdf(v - 2) + normalCdf(v + 2));
}

/** @param above the chance of a larger value */
function scoreAbove(above: number): number {
	return Math.max(-8, Math.min(8, normalScore(1 - above, above)));
}
