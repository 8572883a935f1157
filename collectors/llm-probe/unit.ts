import { LLM_CHARACTERISTICS } from '#contracts/llm.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Emitter, GapSeen, PointSeen } from '../kit/collector.ts';
import type { Asker } from './asker.ts';
import type { LlmProbeConfig, Target } from './config.ts';
import type { Observation } from './observations.ts';
import { promptClass, type PromptClass } from './prompts.ts';

/** One target with one prompt class and so many calls at once: what has streams of its own. */
export interface Unit {
	/** Shared by the units of a target: what one is refused the others are too. */
	readonly owner: Owner;
	readonly prompt: PromptClass;
	readonly concurrency: number;
	readonly everyMs: number;
	/** `openai/gpt-4o` */
	readonly prefix: string;
	readonly labels: Readonly<Record<string, string>>;
}

/** A target, and who asks it. */
export interface Owner {
	readonly target: Target;
	readonly asker: Asker;
	/** Costs nothing and does not count. */
	readonly isFree: boolean;
}

export function unitsOf(config: Pick<LlmProbeConfig, 'prompts' | 'every'>, owners: readonly Owner[]): Unit[] {
	return owners.flatMap((owner) => {
		const { target } = owner;
		return [target.prompt].flat().flatMap((name) => {
			const prompt = promptClass(name, config.prompts);
			if (!prompt) throw new Error(`no prompt class ${name}`);
			const everyMs = target.every ?? Math.max(config.every, prompt.shortestEveryMs);
			const prefix = `${target.name ?? target.provider}/${target.model}`;
			return [target.concurrency].flat().map((concurrency) => {
				const labels = labelsOf(target, prompt, concurrency);
				return { owner, prompt, concurrency, everyMs, prefix, labels };
			});
		});
	});
}

function labelsOf({ deployment, region, environment }: Target, prompt: PromptClass, concurrency: number) {
	return {
		source: 'probe',
		prompt_class: prompt.name,
		prompt_version: prompt.version,
		...(concurrency === 1 ? {} : { concurrency: String(concurrency) }),
		...(deployment === undefined ? {} : { deployment }),
		...(region === undefined ? {} : { region }),
		...(environment === undefined ? {} : { environment }),
	};
}

export type SeenObservation = Observation & { readonly connection: 'new' | 'reused' };

export interface UnitStreams {
	/** In the order of their times, each with a time of its own. */
	seen(observations: readonly SeenObservation[]): (PointSeen | GapSeen)[];
	/** Of every stream that it has had a value for. */
	gap(fromMicros: number, toMicros: number, reason: string): GapSeen[];
}

/** A clock that is set back by more than this is believed. */
const MAX_STEP_MICROS = MICROS_PER_SECOND;

/** The streams of one unit, opened with their first value: of a lack alone none is made. */
export function createUnitStreams({ prefix, labels }: Unit, emitter: Pick<Emitter, 'stream'>): UnitStreams {
	const handles = new Map<string, number>();
	const newest = new Map<number, number>();

	function opened({ name, check, connection }: SeenObservation): number {
		const id = idOf({ name, check, connection });
		const known = handles.get(id);
		if (known !== undefined) return known;
		const stream = emitter.stream({
			key: `${prefix}/${name}`,
			unit: LLM_CHARACTERISTICS[name].unit,
			kind: 'llm',
			labels: { ...labels, connection, ...(check === undefined ? {} : { check }) },
		});
		handles.set(id, stream);
		return stream;
	}

	/** Two calls of one microsecond are two points. */
	function timeOf(stream: number, atMicros: number): number {
		const last = newest.get(stream) ?? 0;
		const at = atMicros <= last && last - atMicros < MAX_STEP_MICROS ? last + 1 : atMicros;
		newest.set(stream, at);
		return at;
	}

	return {
		seen(observations) {
			const inOrder = observations.toSorted((a, b) => a.atMicros - b.atMicros);
			return inOrder.flatMap((one): (PointSeen | GapSeen)[] => {
				if ('v' in one) {
					const stream = opened(one);
					return [{ stream, tMicros: timeOf(stream, one.atMicros), v: one.v, quality: one.quality }];
				}
				const stream = handles.get(idOf(one));
				if (stream === undefined) return [];
				return [{ stream, fromMicros: one.atMicros, toMicros: one.atMicros, reason: one.reason }];
			});
		},
		gap: (fromMicros, toMicros, reason) =>
			[...newest.keys()].map((stream) => ({ stream, fromMicros, toMicros, reason })),
	};
}

function idOf({ name, check = '', connection }: Pick<SeenObservation, 'name' | 'check' | 'connection'>): string {
	return `${name} ${connection} ${check}`;
}
