import type { ApiEvent, ApiPoints } from '#contracts/api.ts';
import type { ApiCompare } from '#contracts/llm-compare.ts';
import type { CompareRequest } from '#lib/live/api.ts';
import type { App } from '#lib/live/app.svelte.ts';
import { SPANS, type CompareQuery } from './compare-query.ts';
import type { CompareTarget } from './compare-targets.ts';

/** Beside the chosen metric: what a recommendation is made of. The first that there is counts. */
const COST = ['cost_per_1k_usd', 'cost_usd'];
const ALSO = [...COST, 'error', 'pass'];
const POINTS = 400;
const REFRESH_MS = 60_000;

export interface CompareView {
	readonly answer: ApiCompare | undefined;
	/** Points of the chosen metric, by stream. */
	readonly points: Readonly<Record<string, ApiPoints>>;
	/** Of the chosen metric's streams, the newest first: what can part the stretch in before and after. */
	readonly events: readonly ApiEvent[];
	/** What the answer was asked by, for who wants the same as a file. */
	readonly asked: CompareRequest | undefined;
	readonly fault: string;
	readonly fromMs: number;
	readonly toMs: number;
	load(query: CompareQuery, targets: readonly CompareTarget[]): void;
	stop(): void;
}

/** What the server says of the chosen targets; what reaches up to now is asked for again each minute. */
export function createCompareView(app: App): CompareView {
	let answer = $state.raw<ApiCompare | undefined>();
	let points = $state.raw<Readonly<Record<string, ApiPoints>>>({});
	let events = $state.raw<readonly ApiEvent[]>([]);
	let asked = $state.raw<CompareRequest | undefined>();
	let fault = $state('');
	let [fromMs, toMs] = $state([0, 0]);
	let asking: AbortController | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;

	async function ask({ metric, range, event }: CompareQuery, targets: readonly CompareTarget[], signal: AbortSignal) {
		const to = 'last' in range ? Date.now() : range.toMs;
		const from = 'last' in range ? to - SPANS[range.last]! : range.fromMs;
		const named = [metric, ...ALSO.filter((name) => name !== metric)];
		const streams = targets.flatMap((target) => named.flatMap((name) => target.streams.get(name) ?? []));
		const shown = targets.flatMap((target) => target.streams.get(metric) ?? []);
		const at = { from: Math.round(from * 1000), to: Math.round(to * 1000) };
		const request = { streams: streams.join(','), ...at, event };
		if (streams.length === 0) return { found: undefined, columns: [], happened: [], request: undefined, from, to };
		const [found, columns, happened] = await Promise.all([
			app.api.compare(request, signal),
			Promise.all(
				shown.map(async (id) => [id, await app.api.points(id, { ...at, maxPoints: POINTS }, signal)] as const),
			),
			Promise.all(shown.map(async (stream) => (await app.api.events({ stream, ...at }, signal)).items)),
		]);
		return { found, columns, happened: happened.flat(), request, from, to };
	}

	async function refresh(query: CompareQuery, targets: readonly CompareTarget[]): Promise<void> {
		clearTimeout(timer);
		asking?.abort();
		const mine = new AbortController();
		asking = mine;
		if ('last' in query.range) timer = setTimeout(() => void refresh(query, targets), REFRESH_MS);
		try {
			const { found, columns, happened, request, from, to } = await ask(query, targets, mine.signal);
			[answer, points, fromMs, toMs, fault] = [found, Object.fromEntries(columns), from, to, ''];
			[events, asked] = [distinct(happened), request];
		} catch (error) {
			if (!mine.signal.aborted) fault = error instanceof Error ? error.message : String(error);
		}
	}

	return {
		get answer() {
			return answer;
		},
		get points() {
			return points;
		},
		get events() {
			return events;
		},
		get asked() {
			return asked;
		},
		get fault() {
			return fault;
		},
		get fromMs() {
			return fromMs;
		},
		get toMs() {
			return toMs;
		},
		load: (query, targets) => void refresh(query, targets),
		stop() {
			clearTimeout(timer);
			asking?.abort();
		},
	};
}

/** One of an asset or a site is told of each of its streams. */
function distinct(events: readonly ApiEvent[]): ApiEvent[] {
	const byId = new Map(events.map((event) => [event.id, event]));
	return [...byId.values()].sort((a, b) => b.from.localeCompare(a.from));
}
