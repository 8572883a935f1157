/* eslint-disable svelte/prefer-svelte-reactivity -- what is looked up here is never drawn from: entries and the list are */
import type { ApiStream, ApiViolation } from '#contracts/api.ts';
import type { Chart } from '#contracts/chart.ts';
import type { Limits } from '#contracts/limits.ts';
import type { Learning, LiveLimits, LiveState } from '#contracts/live.ts';
import type { Labels, StreamKind, StreamState } from '#contracts/stream.ts';
import { parseTime } from '#contracts/time.ts';
import { searchText } from '#lib/format/stream-name.ts';
import { unitWords } from '#lib/format/chart-words.ts';
import { violationCode } from '#lib/format/violation-words.ts';
import { createActiveViolations } from '#lib/live/wire/active-violations.ts';
import type { Api } from './api.ts';
import type { LiveClient, LiveEvent } from '#lib/live/wire/client.ts';
import type { LimitsBook } from '#lib/live/wire/limits-book.ts';
import type { Rings } from '#lib/live/wire/rings.ts';

export interface LastPoint {
	readonly tMs: number;
	readonly v: number;
	/** This machine's clock when it came in; undefined when it was there before us. */
	readonly arrivedMs: number | undefined;
}

/** A stream as the pages show it. Only what is small and read by a person is reactive; points are in the rings. */
export class StreamEntry {
	readonly id: string;
	readonly key: string;
	readonly site: string;
	readonly asset: string;
	readonly kind: StreamKind;
	readonly unit: string;
	readonly labels: Labels;
	/** Where its points are computed from those of others. */
	readonly derivedFrom: ApiStream['derivedFrom'];
	readonly search: string;
	state: StreamState = $state('learning');
	openViolations = $state(0);
	last: LastPoint | null = $state.raw(null);
	/** Of the limits in force: how many digits its values are worth. */
	sigma: number | undefined = $state();
	/** The chart that it is read by, and whose statistic `last` is. */
	lead: Chart = $state('i');
	/** What that chart plots where it is not the stream's unit. */
	scale: Limits['scale'] | undefined = $state();
	/** Violations that go on, the oldest first. */
	active: readonly ApiViolation[] = $state.raw([]);
	/** The plan's expected interval between points. */
	expectMs: number | undefined = $state();
	learning: Learning | undefined = $state.raw();

	constructor(stream: ApiStream) {
		this.id = stream.id;
		this.key = stream.key;
		this.site = stream.site;
		this.asset = stream.asset;
		this.kind = stream.kind;
		this.unit = stream.unit;
		this.labels = stream.labels;
		this.derivedFrom = stream.derivedFrom;
		this.search = searchText(stream);
		this.update(stream);
	}

	/** Marks of the rules whose violations go on. */
	get activeRules(): readonly string[] {
		return [...new Set(this.active.map(violationCode))].sort();
	}

	/** Of `last`. */
	get lastUnit(): string {
		return unitWords(this.scale, this.unit);
	}

	become(state: StreamState, learning: Learning | undefined): void {
		this.state = state;
		if (state !== 'learning') this.learning = undefined;
		else if (learning) this.learning = learning;
	}

	update(stream: ApiStream): void {
		this.become(stream.state, undefined);
		this.openViolations = stream.openViolations;
		const { last } = stream;
		const tMs = (parseTime(last?.t) ?? 0) / 1000;
		// The answer has what was measured: no score, and no mean of thirty.
		if (!last || tMs <= (this.last?.tMs ?? -Infinity)) return;
		if (this.scale === undefined) this.last = { tMs, v: last.v, arrivedMs: undefined };
		// A sample takes its time, in which units go on being inspected: what it came to stands until the next one.
		else if (this.last && (this.scale === 'share' || this.scale === 'rate')) this.last = { ...this.last, tMs };
	}
}

export interface Directory {
	readonly streams: readonly StreamEntry[];
	/** Undefined until the list has come once; then why it could not be refreshed, or empty. */
	readonly fault: string | undefined;
	/** Grows when a state, a violation or the list changed; points do not count. */
	readonly revision: number;
	/** Of all streams together. */
	readonly openViolations: number;
	get(id: string): StreamEntry | undefined;
	refresh(): Promise<void>;
	stop(): void;
}

export interface DirectoryPorts {
	readonly api: Api;
	readonly live: LiveClient;
	readonly rings: Rings;
	readonly limits: LimitsBook;
	nowMs(): number;
	after(delayMs: number, callback: () => void): () => void;
}

const REFRESH_MS = 15_000;
/** One violation has several events; a burst of them is one refresh. */
const SOON_MS = 700;

/** Every stream that this reader may see, kept current by live events and by asking again now and then. */
export function createDirectory(ports: DirectoryPorts): Directory {
	let streams = $state.raw<readonly StreamEntry[]>([]);
	let fault = $state<string | undefined>(undefined);
	let revision = $state(0);
	const byId = new Map<string, StreamEntry>();
	const active = createActiveViolations();
	let cancel: (() => void) | undefined;
	let waitingMs = Infinity;

	async function refresh(): Promise<void> {
		plan(REFRESH_MS);
		try {
			take(await ports.api.streams());
			revision++;
			fault = '';
		} catch (error) {
			fault = error instanceof Error ? error.message : String(error);
		}
	}

	/** The nearer of two plans holds. */
	function plan(delayMs: number): void {
		if (cancel && delayMs > waitingMs) return;
		cancel?.();
		waitingMs = delayMs;
		cancel = ports.after(delayMs, () => {
			cancel = undefined;
			waitingMs = Infinity;
			void refresh();
		});
	}

	function take(answer: readonly ApiStream[]): void {
		let changed = answer.length !== byId.size;
		const present = new Set(answer.map((stream) => stream.id));
		for (const id of byId.keys()) if (!present.has(id)) changed = byId.delete(id);
		for (const stream of answer) {
			const entry = byId.get(stream.id);
			if (entry && entry.unit === stream.unit) entry.update(stream);
			else {
				const fresh = new StreamEntry(stream);
				byId.set(stream.id, fresh);
				readLimits(fresh);
				changed = true;
			}
		}
		if (changed) streams = [...byId.values()];
	}

	function onPoints(touched: ReadonlySet<string>, arrival: 'fresh' | 'snapshot'): void {
		for (const id of touched) {
			const entry = byId.get(id);
			if (!entry) continue;
			const lead = ports.rings.lead(id);
			if (entry.lead !== lead) {
				entry.lead = lead;
				readLimits(entry);
			}
			const { tMs, v, length } = ports.rings.columns(id, lead);
			const last = { tMs: tMs[length - 1] ?? NaN, v: v[length - 1] ?? NaN };
			if (Number.isNaN(last.tMs)) continue;
			const known = entry.last?.tMs === last.tMs ? entry.last.arrivedMs : undefined;
			if (arrival === 'fresh' && entry.learning) entry.learning = learntMore(entry.learning, tMs, entry.last?.tMs);
			entry.last = { ...last, arrivedMs: arrival === 'fresh' ? ports.nowMs() : known };
		}
	}

	function readLimits(entry: StreamEntry): void {
		const segment = ports.limits.segments(entry.id, entry.lead).at(-1);
		entry.sigma = segment?.sigma;
		entry.scale = segment?.scale;
	}

	function onViolation(violation: ApiViolation): void {
		const goOn = active.take(violation);
		const entry = byId.get(violation.stream.id);
		if (entry) entry.active = goOn;
	}

	function onState({ stream, state, expectMs, learning }: LiveState): void {
		active.forget(stream);
		const entry = byId.get(stream);
		if (!entry) return;
		entry.become(state, learning);
		entry.expectMs = expectMs;
		entry.active = [];
	}

	function takeLimits(limits: readonly LiveLimits[]): void {
		ports.limits.addLive(limits);
		for (const { streamId } of limits) {
			const entry = byId.get(String(streamId));
			if (entry) readLimits(entry);
		}
	}

	function onEvent(event: LiveEvent): void {
		if (event.limits) takeLimits([event.limits]);
		if (event.violation) {
			onViolation(event.violation);
			plan(SOON_MS);
		}
		const entry = event.stream === undefined ? undefined : byId.get(event.stream);
		if (entry && event.state) entry.become(event.state, event.learning);
		revision++;
		if (event.type === 'stream' && !entry) plan(SOON_MS);
	}

	const unlisten = ports.live.listen({
		onPoints,
		onEvent,
		onConnection: (connection) => {
			if (connection.state === 'live') void refresh();
		},
		onSnapshot(snapshot) {
			takeLimits(snapshot.limits);
			for (const told of snapshot.states) onState(told);
			for (const violation of snapshot.violations) onViolation(violation);
			revision++;
			// While the server answered a hello it told nothing of streams that were new.
			plan(SOON_MS);
		},
	});
	void refresh();

	return {
		get streams() {
			return streams;
		},
		get fault() {
			return fault;
		},
		get revision() {
			return revision;
		},
		get openViolations() {
			return streams.reduce((sum, stream) => sum + stream.openViolations, 0);
		},
		get: (id) => (streams.length > 0 ? byId.get(id) : undefined),
		refresh,
		stop() {
			unlisten();
			cancel?.();
		},
	};
}

/** @param tMs times of the stream's points, ascending; @param sinceMs of the newest that has been counted */
function learntMore({ points, wanted }: Learning, tMs: Float64Array, sinceMs = Infinity): Learning {
	let more = 0;
	while (more < tMs.length && (tMs[tMs.length - 1 - more] ?? -Infinity) > sinceMs) more++;
	return { points: Math.min(wanted, points + more), wanted };
}
