import type { LlmErrorClass } from '#contracts/llm.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import { createBackoff, type Backoff } from '../kit/backoff.ts';
import type { Clock } from '../kit/clock.ts';
import type { Emitter } from '../kit/collector.ts';
import { pollEvery } from '../kit/schedule.ts';
import { reasonNotAsked, type Asked } from './asker.ts';
import type { Budget } from './budget.ts';
import { observationsOf } from './observations.ts';
import { recorded } from './recorded.ts';
import { createUnitStreams, type Owner, type Unit, type UnitStreams } from './unit.ts';

export interface ProberOptions {
	readonly units: readonly Unit[];
	readonly emitter: Pick<Emitter, 'stream' | 'emit' | 'fault'>;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
	readonly budget: Budget;
	readonly maxConcurrent: number;
	readonly signal: AbortSignal;
}

/** What keeps a target from being asked, shared by its units. */
interface Rest {
	readonly backoff: Backoff;
	untilMicros: number;
	reason: string;
}

interface Running {
	readonly unit: Unit;
	readonly streams: UnitStreams;
	readonly rest: Rest;
	/** What was said last of its failures: once, not at every call. */
	told: LlmErrorClass | 'not asked' | null;
	isBusy: boolean;
	/** Since when it has not been asked, and why. */
	paused: { readonly sinceMicros: number; readonly reason: string } | undefined;
}

/** Calls of a slot are spread over at most this part of the interval, so that a slot is over before the next one. */
const SPREAD = 0.5;
const LONGEST_STEP_MS = 1000;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 3_600_000;

/**
 * Asks every unit in every slot: in random order, at random moments, one after the other, so that what happens to this machine or
 * its network happens to all providers alike. A call that takes longer than its interval is not asked again meanwhile.
 *
 * Resolves after the signal, when no call is under way any more. Rejects with what could not be written.
 */
export async function probe(options: ProberOptions): Promise<void> {
	const rests = new Map<Owner, Rest>();
	const restOf = (owner: Owner): Rest => {
		const known = rests.get(owner) ?? newRest(options.random);
		rests.set(owner, known);
		return known;
	};
	const running = options.units.map((unit): Running => ({
		unit,
		streams: createUnitStreams(unit, options.emitter),
		rest: restOf(unit.owner),
		told: null,
		isBusy: false,
		paused: undefined,
	}));
	const broken = new AbortController();
	const signal = AbortSignal.any([options.signal, broken.signal]);
	const shared: Shared = {
		...options,
		signal,
		onBroken: (error) => broken.abort(error),
		underWay: new Set(),
		places: createPlaces(options.maxConcurrent),
	};
	const bySlot = Map.groupBy(running, ({ unit }) => unit.everyMs);
	const loops = [...bySlot].map(([intervalMs, members]) =>
		pollEvery({
			clock: options.clock,
			intervalMs,
			signal,
			onPoll: () => slot(shared, members, intervalMs),
		}),
	);
	await Promise.all(loops);
	await Promise.all(shared.underWay);
	if (broken.signal.aborted) throw broken.signal.reason;
}

interface Shared extends ProberOptions {
	/** None of them rejects. */
	readonly underWay: Set<Promise<void>>;
	readonly onBroken: (error: unknown) => void;
	readonly places: Places;
}

async function slot(shared: Shared, members: readonly Running[], intervalMs: number): Promise<void> {
	const { clock, random, signal, underWay } = shared;
	const stepMs = Math.min((intervalMs * SPREAD) / members.length, LONGEST_STEP_MS);
	let lateMs = 0;
	for (const member of shuffled(members, random)) {
		// Somewhere within its step, the rest of which is waited for with the next one.
		const ownMs = random() * stepMs;
		await clock.sleep(lateMs + ownMs, signal);
		lateMs = stepMs - ownMs;
		if (signal.aborted) return;
		const going = ask(shared, member).catch(shared.onBroken);
		underWay.add(going);
		void going.then(() => underWay.delete(going));
	}
}

async function ask(shared: Shared, running: Running): Promise<void> {
	const { emitter, clock, budget, signal, places } = shared;
	// What it tells at its end is more than a gap.
	if (running.isBusy) return;
	const reason = reasonToWait(shared, running);
	if (reason !== undefined) {
		running.paused ??= { sinceMicros: clock.nowMicros(), reason };
		return;
	}
	running.isBusy = true;
	try {
		const { concurrency } = running.unit;
		const asked = await Promise.all(Array.from({ length: concurrency }, () => places(() => askOnce(shared, running))));
		if (signal.aborted) return;
		const made = asked.filter((one) => one !== undefined);
		const seen = running.streams.seen(made.flatMap((one) => observed(running.unit, one)));
		const calls = made.flatMap((one) => recorded(running.unit, one));
		if (seen.length > 0)
			await emitter.emit({ seen: [...resumed(shared, running), ...seen], calls, cursor: budget.spent() });
	} finally {
		running.isBusy = false;
	}
}

function observed({ prompt }: Unit, { call, costUsd }: Asked) {
	return observationsOf(call, { costUsd, checks: prompt.checks }).map((one) => ({
		...one,
		connection: call.connection,
	}));
}

function reasonToWait({ clock, budget }: Shared, { rest, unit }: Running): string | undefined {
	const nowMicros = clock.nowMicros();
	if (nowMicros < rest.untilMicros) return rest.reason;
	return unit.owner.isFree ? undefined : budget.refusal(nowMicros);
}

/** What was not asked meanwhile is a gap. */
function resumed({ clock }: Shared, running: Running) {
	const { paused, streams } = running;
	if (!paused) return [];
	running.paused = undefined;
	return streams.gap(paused.sinceMicros, Math.max(paused.sinceMicros, clock.nowMicros()), paused.reason);
}

async function askOnce(shared: Shared, running: Running): Promise<Asked | undefined> {
	const { emitter, clock, budget, random, signal } = shared;
	const { unit } = running;
	const spend = (calls: number, usd: number | null) =>
		unit.owner.isFree ? undefined : budget.spend(clock.nowMicros(), calls, usd);
	if (signal.aborted || reasonToWait(shared, running) !== undefined) return undefined;
	// Before it is asked: of calls at once each has to know of the others.
	spend(1, null);
	try {
		const asked = await unit.owner.asker.ask(unit.prompt, nonceOf(random), signal);
		spend(asked.requests - 1, asked.costUsd);
		if (!signal.aborted) heed(shared, running, asked);
		return asked;
	} catch (error) {
		spend(-1, null);
		if (running.told !== 'not asked') emitter.fault(`${unit.prefix}: ${reasonNotAsked(error)}`);
		running.told = 'not asked';
		return undefined;
	}
}

/** Says what went wrong, and leaves who is overloaded alone for a while. */
function heed({ emitter, clock }: Shared, running: Running, { call }: Asked): void {
	const { unit, rest, told } = running;
	const { errorClass, errorText, retryAfterMs } = call;
	if (errorClass !== null && errorClass !== told)
		emitter.fault(`${unit.prefix}: ${errorClass}: ${errorText ?? 'no words'}`);
	running.told = errorClass;
	if (errorClass !== 'rate_limited' && errorClass !== 'overloaded') return rest.backoff.reset();
	const waitMs = Math.min(Math.max(rest.backoff.nextMs(), retryAfterMs ?? 0), LONGEST_REST_MS);
	rest.untilMicros = clock.nowMicros() + waitMs * MICROS_PER_MS;
	rest.reason = `${errorClass}: left alone for a while`;
}

function newRest(random: () => number): Rest {
	const backoff = createBackoff({ firstMs: FIRST_REST_MS, longestMs: LONGEST_REST_MS / 4, random });
	return { backoff, untilMicros: 0, reason: '' };
}

type Places = <T>(work: () => Promise<T>) => Promise<T>;

/** So many at once; the others wait in their order. */
function createPlaces(count: number): Places {
	let free = count;
	const waiting: (() => void)[] = [];
	return async (work) => {
		if (free > 0) free--;
		else await new Promise<void>((resolve) => waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = waiting.shift();
			if (next) next();
			else free++;
		}
	};
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
	const mixed = [...items];
	for (let i = mixed.length - 1; i > 0; i--) {
		const k = Math.floor(random() * (i + 1));
		[mixed[i], mixed[k]] = [mixed[k]!, mixed[i]!];
	}
	return mixed;
}

/** Two numbers that no cache has seen. */
function nonceOf(random: () => number): string {
	const part = () =>
		Math.floor(random() * 2 ** 32)
			.toString(36)
			.padStart(7, '0');
	return part() + part();
}
