import type { CauseName } from '#contracts/cause.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { createDraw, type Draw } from './draw.ts';
import type { Scenario, ScenarioEvent, ScenarioOptions, ScenarioStream } from './scenario.ts';

export const MACHINE_CAUSES = [
	'sensor-stuck',
	'sensor-noise',
	'sensor-bias',
	'process-shift',
	'setpoint-change',
	'tool-wear-drift',
	'upstream-disturbance',
	'cyclic-environment',
	'mixed-sources',
	'over-adjustment',
	'material-change',
	'collector-or-clock',
	'stale-baseline',
] as const satisfies readonly CauseName[];
export type MachineCause = (typeof MACHINE_CAUSES)[number];

/** Points before anything is done; limits are learnt from the first hundred. */
const CALM = 300;
const AFTER = 120;
const SHIFT = 3;

interface Characteristic {
	readonly asset: string;
	readonly name: string;
	readonly unit: string;
	readonly centre: number;
	readonly sigma: number;
}

const of = (asset: string, name: string, unit: string, centre: number, sigma: number): Characteristic => ({
	...{ asset, name, unit, centre, sigma },
});

/** A line of four machines, the first of which feeds the others, and the hall that they stand in. */
const LINE: readonly Characteristic[] = [
	of('feeder-1', 'flow', 'kg/h', 320, 4),
	of('feeder-1', 'power', 'kW', 2.4, 0.05),
	of('press-1', 'temperature', '°C', 64, 0.4),
	of('press-1', 'pressure', 'bar', 182, 1.1),
	of('press-1', 'force', 'kN', 940, 6.5),
	of('press-1', 'vibration', 'mm/s', 1.4, 0.06),
	of('press-2', 'temperature', '°C', 66, 0.5),
	of('press-2', 'pressure', 'bar', 179, 1.2),
	of('oven-1', 'temperature', '°C', 210, 1.5),
	of('oven-1', 'power', 'kW', 41, 0.7),
	of('hall', 'temperature', '°C', 22, 0.2),
];

/** Deviations that the disturbance adds to a stream at a point, counted from the onset; NaN = no point there. */
type Disturb = (calm: number, since: number) => number;

interface Plot {
	readonly draw: Draw;
	readonly size: number;
	readonly focus: Characteristic;
	/** Of the same machine. */
	readonly siblings: readonly Characteristic[];
	readonly disturb: Map<string, Disturb>;
	readonly events: ScenarioEvent[];
	/** From the onset, in seconds. */
	readonly event: (kind: string, atS: number, title: string, more?: Partial<ScenarioEvent>) => void;
	readonly extra: (name: string, unit: string, value: (since: number) => number) => void;
}

const keyOf = ({ asset, name }: Characteristic) => `${asset}/${name}`;

/** A line whose machine `press-1` has, or has not, what `cause` says. */
export function machineScenario(
	options: ScenarioOptions & { readonly cause: MachineCause | 'none' },
): Omit<Scenario, 'system'> {
	const { cause, seed, size, startMicros } = options;
	const draw = createDraw(seed * 31 + 7);
	const intervalS = draw.pick('interval', [1, 1, 2, 5, 30]);
	const onsetMicros = startMicros + CALM * intervalS * MICROS_PER_SECOND;
	const press = LINE.filter(({ asset }) => asset === 'press-1');
	const focus = draw.pick('focus', press);
	const events: ScenarioEvent[] = [];
	const extras: ScenarioStream[] = [];
	const times = Array.from({ length: CALM + AFTER }, (_, i) => startMicros + i * intervalS * MICROS_PER_SECOND);
	const plot: Plot = {
		draw,
		size,
		focus,
		siblings: press.filter((one) => one !== focus),
		disturb: new Map(),
		events,
		event(kind, atS, title, more) {
			events.push({ kind, title, fromMicros: onsetMicros + Math.round(atS * intervalS) * MICROS_PER_SECOND, ...more });
		},
		extra(name, unit, value) {
			const stream = { key: `press-1/${name}`, unit, kind: 'machine', labels: { source: 'simulator' } } as const;
			extras.push({ ...stream, tMicros: times, v: times.map((_, i) => value(i - CALM)), gaps: [] });
		},
	};
	if (cause !== 'none') PLOTS[cause](plot);
	if (options.confounders) confound(plot);
	const streams = LINE.map((one, i) => measured({ one, times, plot, number: i, intervalS }));
	return { cause, focus: keyOf(focus), onsetMicros, streams: [...streams, ...extras], calls: [], events };
}

function measured(of: {
	readonly one: Characteristic;
	readonly times: readonly number[];
	readonly plot: Plot;
	readonly number: number;
	readonly intervalS: number;
}): ScenarioStream {
	const { one, times, plot, intervalS } = of;
	const key = keyOf(one);
	const own = plot.draw.noise(`noise ${key}`);
	const shared = plot.draw.noise(`shared ${one.asset}`);
	const coupling = plot.draw.between(`coupling ${one.asset}`, 0, 0.7);
	const disturb = plot.disturb.get(key);
	const phase = Math.floor(plot.draw.between(`phase ${key}`, 0, 0.4) * intervalS * MICROS_PER_SECOND);
	const tMicros: number[] = [];
	const v: number[] = [];
	let gapFrom: number | undefined;
	const gaps: { fromMicros: number; toMicros: number; reason: string }[] = [];
	times.forEach((time, i) => {
		const calm = Math.sqrt(1 - coupling ** 2) * own(i) + coupling * shared(i);
		const z = disturb && i >= CALM - EARLIEST ? disturb(calm, i - CALM) : calm;
		const at = time + phase;
		if (Number.isNaN(z)) return void (gapFrom ??= at);
		if (gapFrom !== undefined) gaps.push({ fromMicros: gapFrom, toMicros: at, reason: 'collector disconnected' });
		gapFrom = undefined;
		tMicros.push(at);
		v.push(Number((one.centre + one.sigma * z).toPrecision(6)));
	});
	return { key, unit: one.unit, kind: 'machine', labels: { source: 'simulator' }, tMicros, v, gaps };
}

/** A disturbance may begin this many points before the onset: what is stale has been so for long. */
const EARLIEST = 190;

const step =
	(sigmas: number, from = 0): Disturb =>
	(calm, since) =>
		since >= from ? calm + sigmas : calm;
const ramp =
	(sigmas: number): Disturb =>
	(calm, since) =>
		since >= 0 ? calm + (sigmas * since) / 60 : calm;

const PLOTS: Readonly<Record<MachineCause, (plot: Plot) => void>> = {
	'sensor-stuck'({ disturb, focus, draw, size }) {
		const at = draw.between('stuck', -1, 1) * Math.min(1, size) * 1.5;
		disturb.set(keyOf(focus), (calm, since) => (since >= 0 ? at : calm));
	},
	'sensor-noise'({ disturb, focus, size }) {
		disturb.set(keyOf(focus), (calm, since) => (since >= 0 ? calm * (1 + 1.6 * size) : calm));
	},
	'sensor-bias'({ disturb, focus, size, draw }) {
		disturb.set(keyOf(focus), step(signOf(draw) * SHIFT * size));
	},
	'process-shift'({ disturb, focus, siblings, size, draw }) {
		disturb.set(keyOf(focus), step(signOf(draw) * SHIFT * size));
		for (const one of siblings)
			if (draw.chance(`also ${one.name}`, 0.75))
				disturb.set(
					keyOf(one),
					step(draw.between(`share ${one.name}`, 0.5, 1.2) * signOf(draw, one.name) * SHIFT * size),
				);
	},
	'setpoint-change'({ disturb, focus, size, draw, event, extra }) {
		const sigmas = signOf(draw) * SHIFT * size;
		disturb.set(keyOf(focus), step(sigmas));
		if (draw.chance('told', 0.7)) event('setpoint', draw.between('when', -2, 1), 'New setpoint', { asset: 'press-1' });
		else extra(`${focus.name}_setpoint`, focus.unit, (since) => focus.centre + (since >= 0 ? sigmas * focus.sigma : 0));
	},
	'tool-wear-drift'({ disturb, focus, siblings, size, draw, event }) {
		disturb.set(keyOf(focus), ramp(signOf(draw) * 2 * SHIFT * size));
		for (const one of siblings)
			if (draw.chance(`also ${one.name}`, 0.4)) disturb.set(keyOf(one), ramp(signOf(draw, one.name) * SHIFT * size));
		if (draw.chance('told', 0.4)) event('tool', -280, 'Tool changed', { asset: 'press-1' });
	},
	'upstream-disturbance'({ disturb, focus, siblings, size, draw }) {
		const lag = Math.round(draw.between('lag', 4, 16));
		disturb.set('feeder-1/flow', step(signOf(draw, 'feeder') * SHIFT * size * 1.2));
		disturb.set(keyOf(focus), step(signOf(draw) * SHIFT * size, lag));
		const other = siblings[0];
		if (other && draw.chance('sibling', 0.5)) disturb.set(keyOf(other), step(SHIFT * size * 0.7, lag));
	},
	'cyclic-environment'({ disturb, focus, size, draw }) {
		const period = draw.between('period', 24, 60);
		const wave =
			(sigmas: number): Disturb =>
			(calm, since) =>
				since >= -150
					? calm + sigmas * Math.sin((2 * Math.PI * since) / period) * Math.min(1, (since + 150) / 150)
					: calm;
		disturb.set(keyOf(focus), wave(2.2 * size));
		disturb.set('hall/temperature', wave(3 * size));
		disturb.set('press-2/temperature', wave(draw.between('others', 0, 1.5) * size));
	},
	'mixed-sources'({ disturb, focus, size, draw }) {
		const side = draw.noise('source');
		disturb.set(keyOf(focus), (calm, since) => (since >= 0 ? calm * 0.7 + (side(since) > 0 ? 2 : -2) * size : calm));
	},
	'over-adjustment'({ disturb, focus, size, draw, event }) {
		let last = 0;
		disturb.set(keyOf(focus), (calm, since) => {
			if (since < 0) return calm;
			last = calm * (0.7 + 0.6 * size) - 0.8 * last;
			return last;
		});
		if (draw.chance('told', 0.5))
			for (let i = 0; i < 6; i++) event('setpoint', i * 12, 'Adjusted', { asset: 'press-1' });
	},
	'material-change'({ disturb, focus, siblings, size, draw, event }) {
		disturb.set(keyOf(focus), step(signOf(draw) * SHIFT * size));
		const other = siblings[1];
		if (other && draw.chance('sibling', 0.5))
			disturb.set(keyOf(other), step(signOf(draw, 'other') * SHIFT * size * 0.8));
		const scope = draw.chance('scoped', 0.6) ? { asset: 'press-1' } : {};
		event(draw.pick('kind', ['material', 'lot']), draw.between('when', -6, 0), 'New batch', scope);
	},
	'collector-or-clock'({ disturb, draw, size, event }) {
		const away = Math.round(draw.between('away', 8, 25));
		for (const one of LINE) {
			const off = draw.between(`off ${keyOf(one)}`, -1, 1);
			const sigmas = Math.sign(off) * (1 + Math.abs(off)) * SHIFT * 0.7 * size;
			disturb.set(keyOf(one), (calm, since) => (since >= -away && since < 0 ? NaN : since >= 0 ? calm + sigmas : calm));
		}
		if (draw.chance('told', 0.5)) event('collector', 0, 'Collector restarted');
	},
	'stale-baseline'({ disturb, focus, size, draw }) {
		const sigmas = signOf(draw) * 1.5 * size;
		disturb.set(keyOf(focus), (calm, since) =>
			since >= -EARLIEST ? calm + sigmas * Math.min(1, (since + EARLIEST) / 60) : calm,
		);
	},
};

function signOf(draw: Draw, name = 'focus'): number {
	return draw.chance(`sign ${name}`, 0.5) ? 1 : -1;
}

/** Other things that happen: another machine's fault, events of somebody else or of another time, a blip. */
function confound({ draw, disturb, event, siblings }: Plot): void {
	if (draw.chance('foreign fault', 0.5)) {
		const key = draw.pick('foreign', ['oven-1/power', 'oven-1/temperature', 'press-2/pressure']);
		const at = Math.round(draw.between('foreign at', -150, 100));
		if (!disturb.has(key)) disturb.set(key, step(signOf(draw, 'foreign') * 3, at));
	}
	if (draw.chance('foreign event', 0.6)) {
		const kind = draw.pick('foreign kind', ['material', 'setpoint', 'tool', 'recipe', 'lot']);
		const at = draw.between('foreign event at', -40, 40);
		event(kind, at, 'On another machine', { asset: 'oven-1' });
	}
	if (draw.chance('old event', 0.6)) {
		const kind = draw.pick('old kind', ['material', 'setpoint', 'recipe', 'lot']);
		event(kind, draw.between('old at', -280, -70), 'Earlier', { asset: 'press-1' });
	}
	if (draw.chance('shift', 0.4)) event('shift', draw.between('shift at', -60, 60), 'Change of shift');
	const blip = siblings[2];
	if (blip && draw.chance('blip', 0.3) && !disturb.has(keyOf(blip))) {
		const at = Math.round(draw.between('blip at', -80, 80));
		disturb.set(keyOf(blip), (calm, since) => (since === at ? calm + 5 : calm));
	}
}
