import { llmScenario, LLM_CAUSES, type LlmCause } from './llm.ts';
import { machineScenario, MACHINE_CAUSES, type MachineCause } from './machine.ts';
import { systemOf } from './system.ts';

/** What a scenario may be about. `none`: nothing was done to it, so what signals is chance. */
export type ScenarioCause = MachineCause | LlmCause | 'none';
export const SCENARIO_CAUSES: readonly ScenarioCause[] = [...MACHINE_CAUSES, ...LLM_CAUSES, 'none'];

/** A stream as it was measured, oldest first. */
export interface ScenarioStream {
	readonly key: string;
	readonly unit: string;
	readonly kind: 'machine' | 'llm';
	readonly labels: Readonly<Record<string, string>>;
	readonly tMicros: readonly number[];
	readonly v: readonly number[];
	readonly gaps: readonly { readonly fromMicros: number; readonly toMicros: number; readonly reason: string }[];
}

/** A call as `POST /api/v1/llm/calls` takes it. */
export interface ScenarioCall {
	readonly provider: string;
	readonly model: string;
	readonly startedAt: number;
	readonly ttftMs: number | null;
	readonly totalMs: number;
	readonly connectMs: number;
	readonly queueMs: number | null;
	readonly loadMs: number | null;
	readonly inputTokens: number;
	readonly outputTokens: number | null;
	readonly cachedTokens: number;
	readonly errorClass: 'rate_limited' | 'server' | 'overloaded' | 'timeout_first_token' | null;
	readonly retries: number;
	readonly responseModel: string;
}

/** An event as `POST /api/v1/events` takes it. */
export interface ScenarioEvent {
	readonly kind: string;
	readonly fromMicros: number;
	readonly title: string;
	readonly asset?: string;
	readonly streams?: readonly string[];
}

/** A labelled piece of a plant's or a client's day: everything that would have been written to the hub. */
export interface Scenario {
	readonly cause: ScenarioCause;
	/** Key of the stream whose violation is to be explained. */
	readonly focus: string;
	readonly onsetMicros: number;
	readonly streams: readonly ScenarioStream[];
	readonly calls: readonly ScenarioCall[];
	readonly events: readonly ScenarioEvent[];
	/** How the product itself was meanwhile, in its own streams. */
	readonly system: readonly ScenarioStream[];
}

export interface ScenarioOptions {
	readonly cause: ScenarioCause;
	/** The same one makes the same scenario. */
	readonly seed: number;
	/** 1 = medium: a shift of three deviations, or 60 % more latency. */
	readonly size: number;
	/** What happens besides and has nothing to do with it. */
	readonly confounders: boolean;
	readonly startMicros: number;
}

/** Pure: the same options give the same scenario. */
export function makeScenario(options: ScenarioOptions): Scenario {
	const { cause } = options;
	const isLlm = cause === 'none' ? options.seed % 2 === 0 : (LLM_CAUSES as readonly string[]).includes(cause);
	const scenario = isLlm
		? llmScenario({ ...options, cause: cause as LlmCause | 'none' })
		: machineScenario({ ...options, cause: cause as MachineCause | 'none' });
	return { ...scenario, system: systemOf(scenario, options) };
}
