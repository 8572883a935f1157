import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { messageOf } from '#contracts/error.ts';
import type { CallInput } from '#contracts/llm-call.ts';
import type { Principal } from '#contracts/principal.ts';
import type { Calls } from '../port.ts';

/** Takes calls that were measured and journals them a few at a time; whoever called does not wait for it. */
export interface Recorder {
	add(principal: Principal, call: CallInput): void;
	/** Resolves once everything that was added is journaled or lost. */
	flush(): Promise<void>;
}

/** An fsync for each call would be one too many: so many go together. */
const EVERY_MS = 100;
const MOST_WAITING = 20_000;
const RETRY_MS = 1000;

export function createRecorder({
	calls,
	log,
	registry,
}: {
	readonly calls: Pick<Calls, 'take'>;
	readonly log: Logger;
	readonly registry: Registry;
}): Recorder {
	const lost = new Counter({
		name: 'sigmascope_proxy_calls_lost_total',
		help: 'Calls that passed the proxy while the journal took none, and were not kept',
		registers: [registry],
	});
	let waiting: { readonly principal: Principal; readonly call: CallInput }[] = [];
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> | undefined;

	async function write(): Promise<void> {
		const batch = waiting;
		waiting = [];
		for (const [principal, some] of byPrincipal(batch)) {
			try {
				await calls.take({ principal, source: 'proxy', calls: some });
			} catch (error) {
				log.warn({ cause: messageOf(error), calls: some.length }, 'measured calls cannot be journaled yet');
				waiting.unshift(...some.map((call) => ({ principal, call })));
				later(RETRY_MS);
			}
		}
	}

	function later(ms: number): void {
		timer ??= setTimeout(() => {
			timer = undefined;
			running = (running ?? Promise.resolve()).then(write);
		}, ms);
	}

	return {
		add(principal, call) {
			if (waiting.length >= MOST_WAITING) return lost.inc();
			waiting.push({ principal, call });
			later(EVERY_MS);
		},
		async flush() {
			clearTimeout(timer);
			timer = undefined;
			await running;
			await write();
			clearTimeout(timer);
			lost.inc(waiting.length);
			waiting = [];
		},
	};
}

function byPrincipal(
	batch: readonly { readonly principal: Principal; readonly call: CallInput }[],
): ReadonlyMap<Principal, CallInput[]> {
	const groups = new Map<string, [Principal, CallInput[]]>();
	for (const { principal, call } of batch) {
		const name = JSON.stringify([principal.kind, principal.name, principal.writeSite]);
		const group = groups.get(name);
		if (group) group[1].push(call);
		else groups.set(name, [principal, [call]]);
	}
	return new Map(groups.values());
}
