import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { createDraw, type Draw } from './draw.ts';
import type { Scenario, ScenarioOptions, ScenarioStream } from './scenario.ts';

const INTERVAL_MICROS = 10 * MICROS_PER_SECOND;
/** A day of a slow stream has a point a minute or so instead. */
const MOST_POINTS = 1500;

type Value = (tMicros: number, calm: number) => number;

/**
 * How hub and collector were meanwhile, as the product writes it of itself. A collector that was away, or whose queue
 * stood, tells so in most cases; a computer that probes and is busy in some. Besides, something is busy now and then.
 *
 * Draws of its own: what was measured stays what it was.
 */
export function systemOf(
	{ cause, streams, onsetMicros }: Pick<Scenario, 'cause' | 'streams' | 'onsetMicros'>,
	{ seed, confounders }: Pick<ScenarioOptions, 'seed' | 'confounders'>,
): ScenarioStream[] {
	const draw = createDraw(seed * 131 + 17);
	const from = Math.min(...streams.flatMap(({ tMicros }) => tMicros[0] ?? Infinity));
	const to = Math.max(...streams.flatMap(({ tMicros }) => tMicros.at(-1) ?? -Infinity));
	const step = Math.max(INTERVAL_MICROS, Math.ceil((to - from) / MOST_POINTS));
	const times = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
	const changes = new Map<string, Value>();
	if (confounders) besides({ draw, changes, from, to });
	if (cause === 'collector-or-clock') away({ draw, changes, streams, onsetMicros });
	if (cause === 'client-or-network' && draw.chance('busy client', 0.5))
		changes.set('hub/busy', (t, calm) => (t >= onsetMicros ? calm + 35 : calm));
	const stream = (key: string, unit: string, calm: Value): ScenarioStream => {
		const change = changes.get(key);
		const v = times.map((t, i) => (change ? change(t, calm(t, i)) : calm(t, i)));
		return { key, unit, kind: 'machine', labels: {}, tMicros: times, v, gaps: [] };
	};
	const noisy = (name: string, centre: number, spread: number): Value => {
		const noise = draw.noise(name);
		return (_, i) => centre * Math.exp(spread * noise(i));
	};
	return [
		stream('hub/busy', '%', noisy('busy', 20, 0.15)),
		stream('journal/commit-time', 'ms', noisy('commit', 3, 0.25)),
		stream('store/insert-time', 'ms', noisy('insert', 40, 0.3)),
		stream('health/collector/line-1', '', () => 0),
		stream('collector/line-1/waiting', 's', () => 0),
	];
}

/** Nothing was measured right before the onset: the collector was down, or could not send. */
function away({
	draw,
	changes,
	streams,
	onsetMicros,
}: Pick<Scenario, 'streams' | 'onsetMicros'> & { readonly draw: Draw; readonly changes: Map<string, Value> }): void {
	const times = streams[0]?.tMicros ?? [];
	const last = times.findLast((t) => t < onsetMicros) ?? onsetMicros;
	const isAway = (t: number) => t > last && t <= onsetMicros + INTERVAL_MICROS;
	if (draw.chance('health told', 0.6)) changes.set('health/collector/line-1', (t) => (isAway(t) ? 1 : 0));
	else if (draw.chance('queue told', 0.5))
		changes.set('collector/line-1/waiting', (t) => (isAway(t) ? (t - last) / MICROS_PER_SECOND : 0));
}

function besides({
	draw,
	changes,
	from,
	to,
}: {
	readonly draw: Draw;
	readonly changes: Map<string, Value>;
	readonly from: number;
	readonly to: number;
}): void {
	const at = draw.between('besides at', from, to);
	const isThen = (t: number) => t >= at && t < at + (to - from) * 0.06;
	if (draw.chance('busy besides', 0.25)) changes.set('hub/busy', (t, calm) => (isThen(t) ? calm + 40 : calm));
	if (draw.chance('slow disk besides', 0.25))
		changes.set('journal/commit-time', (t, calm) => (isThen(t) ? calm * 8 : calm));
	if (draw.chance('restart besides', 0.1)) changes.set('health/collector/line-1', (t) => (isThen(t) ? 1 : 0));
}
