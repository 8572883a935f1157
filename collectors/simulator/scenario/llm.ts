import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import { createDraw, type Draw } from './draw.ts';
import type { Scenario, ScenarioCall, ScenarioEvent, ScenarioOptions, ScenarioStream } from './scenario.ts';

export const LLM_CAUSES = [
	'provider-slowdown',
	'provider-errors',
	'rate-limited',
	'model-version-change',
	'prompt-length-change',
	'output-length-change',
	'cache-change',
	'client-or-network',
	'cold-start',
	'queueing',
] as const;
export type LlmCause = (typeof LLM_CAUSES)[number];

const CALM = 260;
const AFTER = 90;

interface Target {
	readonly provider: string;
	readonly model: string;
	readonly ttftMs: number;
	readonly tps: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
}

/** The first is the one that is asked about; the second is another model of its provider, the last a server on this machine. */
const TARGETS: readonly Target[] = [
	{ provider: 'north', model: 'large', ttftMs: 420, tps: 66, inputTokens: 900, outputTokens: 220 },
	{ provider: 'north', model: 'small', ttftMs: 210, tps: 120, inputTokens: 700, outputTokens: 180 },
	{ provider: 'south', model: 'medium', ttftMs: 300, tps: 90, inputTokens: 800, outputTokens: 200 },
	{ provider: 'west', model: 'mini', ttftMs: 150, tps: 150, inputTokens: 600, outputTokens: 150 },
	{ provider: 'loopback', model: 'control', ttftMs: 20, tps: 250, inputTokens: 24, outputTokens: 24 },
];

/** Of one call, as factors on what it would have been, or what is added. */
interface Effects {
	ttft: number;
	tps: number;
	input: number;
	output: number;
	/** Share of the input that the cache has. */
	cached: number;
	connectMs: number;
	queueMs: number;
	loadMs: number;
	errorShare: number;
	errorClass: NonNullable<ScenarioCall['errorClass']>;
	retryShare: number;
	version: string;
	/** Calls between two of the usual ones. */
	rate: number;
}

interface Plot {
	readonly draw: Draw;
	readonly size: number;
	/** 0.6 at medium: what is slow takes so much longer. */
	readonly more: number;
	readonly event: (kind: string, at: number, title: string, more?: Partial<ScenarioEvent>) => void;
}

type Change = (effects: Effects, call: { readonly target: number; readonly since: number }) => void;

/** Calls of four models and of a server on this machine; something happens, or does not, to those of the first. */
export function llmScenario(
	options: ScenarioOptions & { readonly cause: LlmCause | 'none' },
): Omit<Scenario, 'system'> {
	const { cause, seed, size, startMicros } = options;
	const draw = createDraw(seed * 31 + 11);
	const everyS = draw.pick('interval', [5, 10, 30, 60]);
	const everyMicros = everyS * MICROS_PER_SECOND;
	const onsetMicros = startMicros + CALM * everyMicros;
	const events: ScenarioEvent[] = [];
	const plot: Plot = {
		draw,
		size,
		more: 0.6 * size,
		event: (kind, at, title, more) =>
			events.push({ kind, title, fromMicros: onsetMicros + Math.round(at * everyMicros), ...more }),
	};
	const changes: Change[] = [];
	if (cause !== 'none') changes.push(PLOTS[cause](plot));
	if (options.confounders) changes.push(...confounders(plot, cause));
	const calls = TARGETS.flatMap((target, i) =>
		callsOf({ target, number: i, draw, everyMicros, startMicros, changes }),
	).toSorted((a, b) => a.startedAt - b.startedAt);
	const focus = `north/large/${focusOf(cause, draw)}`;
	return { cause, focus, onsetMicros, streams: streamsOf(calls), calls, events };
}

function focusOf(cause: LlmCause | 'none', draw: Draw): string {
	if (cause === 'provider-errors' || cause === 'rate-limited')
		return draw.pick('focus', ['error', 'error', 'total_ms']);
	if (cause === 'output-length-change') return 'total_ms';
	if (cause === 'queueing' || cause === 'cold-start' || cause === 'cache-change') return 'ttft_ms';
	return draw.pick('focus', ['ttft_ms', 'total_ms']);
}

function callsOf(of: {
	readonly target: Target;
	readonly number: number;
	readonly draw: Draw;
	readonly everyMicros: number;
	readonly startMicros: number;
	readonly changes: readonly Change[];
}): ScenarioCall[] {
	const { target, number, draw, everyMicros, startMicros, changes } = of;
	const noise = (name: string) => draw.noise(`${target.provider}/${target.model} ${name}`);
	const [ttft, tps, input, output, connect, queue, luck, fail] = [
		...['ttft', 'tps', 'input', 'output', 'connect', 'queue', 'luck', 'fail'].map(noise),
	] as ((index: number) => number)[];
	const spread = draw.between(`spread ${number}`, 0.08, 0.16);
	/** How the time to the first token grows with the prompt. */
	const elasticity = draw.between('elasticity', 0.5, 0.9);
	const calls: ScenarioCall[] = [];
	for (let i = 0; i < CALM + AFTER; i++) {
		const effects = calm();
		for (const change of changes) change(effects, { target: number, since: i - CALM });
		const inputTokens = Math.round(target.inputTokens * effects.input * Math.exp(0.08 * input!(i)));
		const outputTokens = Math.max(2, Math.round(target.outputTokens * effects.output * Math.exp(0.1 * output!(i))));
		const cachedTokens = Math.round(inputTokens * effects.cached);
		const work = (inputTokens - 0.9 * cachedTokens) / (target.inputTokens * (1 - 0.9 * 0.5));
		const queueMs = 6 * Math.exp(0.3 * queue!(i)) + effects.queueMs;
		const retries = uniformOf(luck!(i)) < effects.retryShare ? 1 : 0;
		const connectMs = 18 * Math.exp(0.15 * connect!(i)) + effects.connectMs;
		const busy = target.ttftMs * effects.ttft * Math.max(0.2, work) ** elasticity * Math.exp(spread * ttft!(i));
		const ttftMs = busy + queueMs + effects.loadMs + retries * target.ttftMs * 1.2 + effects.connectMs * 0.7;
		const speed = target.tps * effects.tps * Math.exp(0.05 * tps!(i));
		const failed = uniformOf(fail!(i)) < effects.errorShare;
		const startedAt = Math.round(startMicros + i * everyMicros + number * 1000);
		calls.push({
			...{ provider: target.provider, model: target.model, startedAt, inputTokens, cachedTokens, retries },
			connectMs: round(connectMs),
			queueMs: round(queueMs),
			loadMs: round(effects.loadMs),
			ttftMs: failed ? null : round(ttftMs),
			totalMs: round(failed ? target.ttftMs * 0.3 : ttftMs + (outputTokens / speed) * 1000),
			outputTokens: failed ? null : outputTokens,
			errorClass: failed ? effects.errorClass : null,
			responseModel: `${target.model}-${effects.version}`,
		});
		// More calls than usual: they only show how busy it is.
		const previous = calls.at(-1);
		if (previous)
			for (let k = 1; k < effects.rate; k++)
				calls.push({ ...previous, startedAt: startedAt + Math.round((k * everyMicros) / effects.rate) });
	}
	return calls;
}

const round = (ms: number) => Number(ms.toFixed(1));
/** A normal draw as an even one. */
const uniformOf = (z: number) => 1 / (1 + Math.exp(-1.702 * z));

function calm(): Effects {
	return {
		...{ ttft: 1, tps: 1, input: 1, output: 1, cached: 0.5, connectMs: 0, queueMs: 0, loadMs: 0 },
		...{ errorShare: 0.004, errorClass: 'server', retryShare: 0.01, version: '2026-01-10', rate: 1 },
	};
}

const FIRST = 0;
const isFirst = ({ target, since }: { target: number; since: number }) => target === FIRST && since >= 0;

const PLOTS: Readonly<Record<LlmCause, (plot: Plot) => Change>> = {
	'provider-slowdown': ({ more, draw }) => {
		const also = draw.chance('both models', 0.8) ? 1 : 0;
		return (effects, { target, since }) => {
			if (since < 0 || target > also) return;
			effects.ttft *= 1 + more;
			effects.tps /= 1 + more * 0.6;
		};
	},
	'provider-errors':
		({ size, draw }) =>
		(effects, call) => {
			if (call.since < 0 || call.target > (draw.chance('both models', 0.6) ? 1 : 0)) return;
			effects.errorShare = 0.2 * size;
			effects.errorClass = draw.pick('class', ['server', 'overloaded']);
			effects.ttft *= 1 + 0.5 * size;
		},
	'rate-limited':
		({ size }) =>
		(effects, call) => {
			if (!isFirst(call)) return;
			effects.errorShare = 0.2 * size;
			effects.errorClass = 'rate_limited';
			effects.retryShare = 0.5;
		},
	'model-version-change': ({ more, draw, event }) => {
		const later = draw.between('when', -2, 1);
		if (draw.chance('told', 0.4)) event('model-version', later, 'north/large is a new version');
		const slower = draw.chance('slower', 0.7) ? 1 + more : 1 / (1 + more);
		return (effects, call) => {
			if (!isFirst(call)) return;
			effects.version = '2026-03-02';
			effects.ttft *= slower;
			effects.tps /= slower;
		};
	},
	'prompt-length-change':
		({ more }) =>
		(effects, call) => {
			if (isFirst(call)) effects.input *= 1 + 1.6 * more;
		},
	'output-length-change':
		({ more }) =>
		(effects, call) => {
			if (isFirst(call)) effects.output *= 1 + more;
		},
	'cache-change':
		({ size }) =>
		(effects, call) => {
			if (isFirst(call)) effects.cached = Math.max(0, 0.5 - 0.4 * size);
		},
	'client-or-network':
		({ more }) =>
		(effects, { target, since }) => {
			if (since < 0) return;
			effects.connectMs = 250 * more;
			effects.ttft *= target === 4 ? 1 + 2 * more : 1 + 0.4 * more;
			effects.tps /= 1 + 0.5 * more;
		},
	'cold-start':
		({ size, draw }) =>
		(effects, call) => {
			if (isFirst(call) && call.since < draw.between('cold calls', 1, 6)) effects.loadMs = 900 * size;
		},
	queueing:
		({ size, draw }) =>
		(effects, call) => {
			if (!isFirst(call)) return;
			effects.queueMs = 260 * size * Math.min(1, 0.4 + call.since / 20);
			if (draw.chance('busy', 0.6)) effects.rate = 3;
		},
};

/** What happens besides: another version at another time or elsewhere, prompts that drift, a peer that is slow for a moment. */
function confounders({ draw, event }: Plot, cause: LlmCause | 'none'): Change[] {
	const changes: Change[] = [];
	if (draw.chance('other version', 0.5)) {
		const [target, at] = [draw.pick('version of', [0, 1, 2]), draw.between('version at', -200, -40)];
		if (cause !== 'model-version-change' || target !== FIRST)
			changes.push((effects, call) => {
				if (call.target === target && call.since >= at) effects.version = '2026-02-14';
			});
	}
	if (draw.chance('near version', 0.4)) {
		const at = draw.between('near version at', -6, 6);
		changes.push((effects, call) => {
			if (call.target === 2 && call.since >= at) effects.version = '2026-03-05';
		});
		event('model-version', at, 'south/medium is a new version');
	}
	if (draw.chance('prompt drift', 0.6)) {
		const slope = draw.between('drift', -0.12, 0.12);
		changes.push((effects, { since }) => void (effects.input *= 1 + (slope * (since + CALM)) / CALM));
	}
	if (draw.chance('peer blip', 0.5)) {
		const [target, at] = [draw.pick('blip of', [1, 2, 3]), draw.between('blip at', -60, 60)];
		changes.push((effects, call) => {
			if (call.target === target && call.since >= at && call.since < at + 8) effects.ttft *= 1.8;
		});
	}
	if (draw.chance('deploy', 0.4)) event('deploy', draw.between('deploy at', -150, 60), 'Client release');
	return changes;
}

const CHARACTERISTICS = {
	ttft_ms: ['ms', (call: ScenarioCall) => call.ttftMs],
	total_ms: ['ms', (call: ScenarioCall) => (call.errorClass === null ? call.totalMs : null)],
	output_tps: [
		'tokens/s',
		(call: ScenarioCall) =>
			call.ttftMs === null || call.outputTokens === null
				? null
				: (call.outputTokens / (call.totalMs - call.ttftMs)) * 1000,
	],
	error: ['', (call: ScenarioCall) => (call.errorClass === null ? 0 : 1)],
	connect_ms: ['ms', (call: ScenarioCall) => call.connectMs],
	queue_ms: ['ms', (call: ScenarioCall) => call.queueMs],
	load_ms: ['ms', (call: ScenarioCall) => call.loadMs],
	input_tokens: ['tokens', (call: ScenarioCall) => call.inputTokens],
	output_tokens: ['tokens', (call: ScenarioCall) => call.outputTokens],
	cached_tokens: ['tokens', (call: ScenarioCall) => call.cachedTokens],
} as const;

/** The streams that the hub makes of the calls. */
function streamsOf(calls: readonly ScenarioCall[]): ScenarioStream[] {
	return TARGETS.flatMap(({ provider, model }) => {
		const own = calls.filter((call) => call.provider === provider && call.model === model);
		return Object.entries(CHARACTERISTICS).map(([name, [unit, read]]) => {
			const known = own
				.flatMap((call) => {
					const v = read(call);
					return v === null ? [] : [{ t: call.startedAt + Math.round(call.totalMs * MICROS_PER_MS), v }];
				})
				.toSorted((a, b) => a.t - b.t);
			return {
				...{ key: `${provider}/${model}/${name}`, unit, kind: 'llm' as const, labels: { source: 'api' }, gaps: [] },
				tMicros: known.map(({ t }) => t),
				v: known.map(({ v }) => v),
			};
		});
	});
}
