import { MICROS_PER_MS } from '#contracts/time.ts';
import { messageOf } from '#contracts/error.ts';
import type { CollectorContext, Emitter } from './collector.ts';
import { httpGet, HttpError, type HttpOptions } from './http-get.ts';
import { pollEvery } from './schedule.ts';
import type { Tracks } from './track.ts';

export interface HttpPoll {
	readonly config: HttpOptions & { readonly every: number; readonly timeout: number };
	readonly context: CollectorContext;
	readonly emitter: Emitter;
	readonly tracks: Tracks;
	readonly signal: AbortSignal;
	readonly accept: string;
	readonly maxBytes: number;
	/** What came, and the middle between question and answer. @throws Error when it cannot be read */
	readonly onText: (text: string, atMicros: number) => void;
}

/** Asks a web server at fixed times. What it does not answer is a gap, said once for each cause; it is asked again at the next time. */
export function pollHttp(poll: HttpPoll): Promise<void> {
	const { config, context, emitter, tracks, signal } = poll;
	let told = '';
	let isReached = false;

	async function ask(): Promise<void> {
		const sentMicros = context.clock.nowMicros();
		const text = await httpGet({ ...config, ...poll, timeoutMs: config.timeout });
		if (!isReached) context.onReached('the server has answered');
		isReached = true;
		poll.onText(text, Math.round((sentMicros + context.clock.nowMicros()) / 2));
		told = '';
	}

	function failed(error: unknown): void {
		const reason = messageOf(error);
		isReached = isReached && !(error instanceof HttpError);
		if (reason !== told) emitter.fault(`${placeOf(config.url)}: ${reason}`);
		told = reason;
		tracks.interrupt(`no answer: ${reason}`);
	}

	return pollEvery({
		clock: context.clock,
		intervalMs: config.every,
		phaseMs: phaseOf(context.name, config.every),
		signal,
		async onPoll(_, missed) {
			if (missed > 0) tracks.interrupt('asking took longer than the interval');
			await ask().catch((error: unknown) => {
				if (!signal.aborted) failed(error);
			});
			if (tracks.waiting() > 0 && !signal.aborted) await tracks.flush(context.clock.nowMicros());
		},
	});
}

/** So that not all collectors of one interval ask in one instant; the same after every start. */
function phaseOf(name: string, everyMs: number): number {
	const sum = [...name].reduce((hash, char) => (hash * 31 + char.charCodeAt(0)) % MICROS_PER_MS, 7);
	return Math.floor((sum / MICROS_PER_MS) * everyMs);
}

/** A query may hold what nobody should read. */
function placeOf(url: string): string {
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
}
