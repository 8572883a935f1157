import { messageOf } from '#contracts/error.ts';
import { quote } from '#contracts/stream.ts';
import { MICROS_PER_MS, MICROS_PER_SECOND } from '#contracts/time.ts';
import type { Clock } from '../kit/clock.ts';
import { createOnce } from '../kit/once.ts';
import { pollEvery } from '../kit/schedule.ts';
import type { Tracks } from '../kit/track.ts';
import type { ModbusConfig } from './config.ts';
import type { Device } from './device.ts';
import { ExceptionError, TimeoutError } from './fault.ts';
import { packRequests, splitRequest, type Request } from './packing.ts';
import { takeAnswer, type Wanted } from './registers.ts';

/** What a device does not have today it may have after its next update. */
const REST_MICROS = 60 * MICROS_PER_SECOND;
/** A unit that is silent costs everybody on its line a timeout each time it is asked. */
const LONGEST_UNIT_REST_MICROS = 10 * MICROS_PER_SECOND;
/** It needs longer, is busy, or could not be reached through its gateway: nothing is wrong with the request. */
const PASSING = [4, 5, 6, 8, 10, 11];

export interface PollerOptions {
	readonly config: ModbusConfig;
	readonly clock: Clock;
	readonly tracks: Tracks;
	readonly wanted: readonly Wanted[];
	readonly onFault: (message: string) => void;
}

/** Asks for registers through one connection after the other; remembers which of them and which units to leave alone. */
export interface Poller {
	/** Until the connection fails. @throws what it failed with */
	run(device: Device, signal: AbortSignal): Promise<void>;
	/** Answers that have come. */
	answers(): number;
}

export function createPoller({ config, clock, tracks, wanted, onFault }: PollerOptions): Poller {
	const units = new Map<number, { silent: number; untilMicros: number }>();
	const say = createOnce(onFault);
	// What is learnt about the device outlives its connections.
	const groups = groupsOf(wanted, config);
	let answers = 0;

	/** What is to be asked for now, in as few requests as the device has shown to understand. */
	async function poll(device: Device, group: Group): Promise<void> {
		const nowMicros = clock.nowMicros();
		const isRested = (one: Wanted) =>
			one.restUntilMicros <= nowMicros && (units.get(one.unitId)?.untilMicros ?? 0) <= nowMicros;
		// What rests for itself has been split off, so a request rests as a whole.
		for (const request of group.requests) if (request.wanted.every(isRested)) await ask(device, group, request);
		await tracks.flush(clock.nowMicros());
	}

	async function ask(device: Device, group: Group, request: Request<Wanted>): Promise<void> {
		try {
			const sentMicros = clock.nowMicros();
			const bytes = await device.read(request);
			answers++;
			units.delete(request.unitId);
			// Read somewhere between question and answer.
			takeAnswer(request, bytes, Math.round((sentMicros + clock.nowMicros()) / 2));
		} catch (error) {
			if (error instanceof ExceptionError) return refused(device, group, request, error);
			if (error instanceof TimeoutError) silent(request, error);
			throw error;
		}
	}

	/** An answer, though not the one that was hoped for: the others go on. */
	async function refused(device: Device, group: Group, request: Request<Wanted>, error: ExceptionError): Promise<void> {
		answers++;
		units.delete(request.unitId);
		const halves = PASSING.includes(error.code) ? undefined : splitRequest(request);
		if (halves) {
			group.requests = group.requests.flatMap((one) => (one === request ? halves : [one]));
			for (const half of halves) await ask(device, group, half);
			return;
		}
		const nowMicros = clock.nowMicros();
		for (const one of request.wanted) {
			one.track.none(nowMicros, error.message);
			if (!PASSING.includes(error.code)) one.restUntilMicros = nowMicros + REST_MICROS;
			say(`${placeText(one)}: ${error.message}`);
		}
	}

	function silent({ unitId, wanted: asked }: Request<Wanted>, error: TimeoutError): void {
		const nowMicros = clock.nowMicros();
		const times = (units.get(unitId)?.silent ?? 0) + 1;
		const restMicros = Math.min(config.timeout * MICROS_PER_MS * 2 ** times, LONGEST_UNIT_REST_MICROS);
		units.set(unitId, { silent: times, untilMicros: nowMicros + restMicros });
		for (const one of asked) one.track.interrupt(`unit ${unitId}: ${error.message}`);
	}

	return {
		answers: () => answers,
		async run(device, signal) {
			const over = new AbortController();
			const all = AbortSignal.any([signal, over.signal, device.closed]);
			const loops = groups.map((group) =>
				pollEvery({
					clock,
					intervalMs: group.everyMs,
					signal: all,
					async onPoll(_, missed) {
						if (missed > 0) late(group, missed);
						await poll(device, group);
					},
				}),
			);
			try {
				await Promise.all(loops);
			} finally {
				over.abort();
				await Promise.allSettled(loops);
			}
			if (!signal.aborted) throw new Error('the device closed the connection');
		},
	};

	function late(group: Group, missed: number): void {
		for (const one of group.requests.flatMap((request) => request.wanted))
			one.track.interrupt('asking took longer than the interval');
		say(`asking every ${group.everyMs} ms takes too long: ${missed} intervals were left out; choose a longer "every"`);
	}
}

/** What is asked for at the same interval. */
interface Group {
	readonly everyMs: number;
	requests: Request<Wanted>[];
}

function groupsOf(wanted: readonly Wanted[], config: ModbusConfig): Group[] {
	const byInterval = Map.groupBy(wanted, ({ everyMs }) => everyMs);
	return [...byInterval].map(([everyMs, some]) => ({ everyMs, requests: packRequests(some, packed(config)) }));
}

function packed({ mostAtOnce, hole }: ModbusConfig) {
	return { mostAtOnce, hole };
}

/** `unit 1, holding 100 (press-1/pressure)`. */
export function placeText(wanted: Wanted): string {
	return `${extentText(wanted)} (${quote(wanted.register.stream)})`;
}

export function extentText({ unitId, table, address }: Pick<Wanted, 'unitId' | 'table' | 'address'>): string {
	return `unit ${unitId}, ${table} ${address}`;
}

/** Why a connection ended, with what to do. */
export function remedy(error: unknown): string {
	const text = messageOf(error);
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (error instanceof TimeoutError) return `${text}; is "unitId" right, and the device switched on?`;
	if (code === 'ECONNREFUSED')
		return 'nothing listens there; is Modbus TCP switched on, and not too many others connected?';
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'this name is not known; check "url"';
	if (code === 'ECONNRESET' || code === 'EPIPE')
		return 'the device closed the connection; some take but one or two at a time';
	if (/No such file|ENOENT/.test(text)) return 'there is no such serial device; is the adapter plugged in?';
	if (/Permission denied|EACCES/.test(text))
		return 'this serial device may not be opened; its group (often dialout) is needed';
	return text;
}
