import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { collectorFaults } from '#collectors/run.ts';
import { drafted, sourceTypes } from '#collectors/try.ts';
import { collectorSchema, type CollectorConfig } from '#contracts/config.ts';
import { InputError, QuotaError, type InputFault } from '#contracts/error.ts';
import type { Discovered, TrialReport } from '#contracts/trial.ts';
import type { FromTrial, ToTrial } from './trial-process.ts';
import type { Trials } from './trials/port.ts';

const ENTRY = fileURLToPath(new URL('./trial-process.ts', import.meta.url));
const MOST_AT_ONCE = 4;
const MOST_MEGABYTES = 256;
const LONGEST_MS = 120_000;
/** Who looks asks about twice a second. */
const UNASKED_MS = 15_000;
const SWEEP_EVERY_MS = 1000;
/** To connect, beside what is listened. */
const CONNECT_MS = 20_000;
const RETRY_AFTER_MS = 5000;
const BEGINNING: TrialReport = {
	...{ reached: null, entries: [], streams: [], faults: [], error: null, isOver: false, ranMs: 0 },
};

interface Running {
	readonly child: ChildProcess;
	readonly sinceMs: number;
	report: TrialReport;
	askedMs: number;
}

export interface TrialsOptions {
	/** `SIGMASCOPE_ALLOW_ADDRESSES`. */
	readonly allow: readonly string[];
	readonly spoolFolder: string;
	readonly nowMs: () => number;
	readonly newId: () => string;
}

/**
 * Each in a process of its own with an empty environment, whose sockets reach what the dial policy allows. Files of the server
 * are none of theirs: an entry that names one is refused.
 */
export function createTrials({ allow, spoolFolder, nowMs, newId }: TrialsOptions): Trials {
	const running = new Map<string, Running>();
	const discovering = new Set<ChildProcess>();
	const types = sourceTypes();
	const sweeper = setInterval(sweep, SWEEP_EVERY_MS).unref();

	function sweep(): void {
		for (const [id, { sinceMs, askedMs }] of running)
			if (nowMs() - sinceMs > LONGEST_MS || nowMs() - askedMs > UNASKED_MS) void end(id);
	}

	function start(
		message: Omit<ToTrial, 'spoolFolder' | 'allow'>,
		onMessage: (message: FromTrial) => void,
	): ChildProcess {
		if (running.size + discovering.size >= MOST_AT_ONCE)
			throw new QuotaError(`${MOST_AT_ONCE} sources are being tried; wait until one has ended`, {
				retryAfterMs: RETRY_AFTER_MS,
			});
		const child = fork(ENTRY, {
			env: { TZ: 'UTC', NODE_NO_WARNINGS: '1' },
			execArgv: [`--max-old-space-size=${MOST_MEGABYTES}`],
			// What a library says to itself may hold what was typed.
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		child.on('message', onMessage);
		child.send({ ...message, spoolFolder, allow } satisfies ToTrial);
		return child;
	}

	async function end(id: string): Promise<void> {
		const one = running.get(id);
		running.delete(id);
		if (one) await kill(one.child);
	}

	function checked(config: unknown): CollectorConfig {
		const entry = collectorSchema.safeParse(config);
		if (!entry.success) throw refusal(entry.error.issues.map(({ path, message }) => [`$.${path.join('.')}`, message]));
		const fault = types.some(({ type }) => type === entry.data.type)
			? fileFault(entry.data)
			: ['$.type', `choose one of ${types.map(({ type }) => type).join(', ')}`];
		if (fault) throw refusal([fault as [string, string]]);
		return entry.data;
	}

	function checkOptions(config: CollectorConfig): void {
		const faults = collectorFaults(config);
		if (faults.length > 0) throw new InputError('this is no source that could be tried', faults);
	}

	return {
		types: () => types,
		begin(config) {
			const entry = checked(config);
			checkOptions(entry);
			const id = newId();
			const child = start({ config: entry }, (message) => {
				if ('report' in message) one.report = message.report;
				if ('fault' in message) one.report = { ...one.report, error: message.fault, isOver: true };
			});
			const one: Running = { child, sinceMs: nowMs(), report: BEGINNING, askedMs: nowMs() };
			child.once('exit', (code, signal) => {
				const error = one.report.error ?? `the trial has ended by itself (${signal ?? `exit code ${code}`})`;
				one.report = { ...one.report, error, isOver: true };
			});
			running.set(id, one);
			return id;
		},
		report(id) {
			const one = running.get(id);
			if (one) one.askedMs = nowMs();
			return one?.report;
		},
		end,
		async discover(config, { argument, forMs }) {
			const entry = drafted(checked(config));
			checkOptions(entry);
			const answer = Promise.withResolvers<readonly Discovered[]>();
			const child = start({ config: entry, discover: { argument, forMs } }, (message) => {
				if ('found' in message) answer.resolve(message.found);
				if ('fault' in message) answer.reject(new InputError(message.fault));
			});
			discovering.add(child);
			child.once('exit', () => answer.reject(new InputError('the search has ended without an answer')));
			const late = setTimeout(() => answer.reject(new InputError('the source does not answer')), CONNECT_MS + forMs);
			try {
				return await answer.promise;
			} finally {
				clearTimeout(late);
				discovering.delete(child);
				await kill(child);
			}
		},
		async stop() {
			clearInterval(sweeper);
			await Promise.all([...[...running.values()].map(({ child }) => child), ...discovering].map(kill));
			running.clear();
		},
	};
}

/** It has nothing that it would have to put in order. */
async function kill(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const exited = once(child, 'exit');
	child.kill('SIGKILL');
	await exited;
}

function refusal(faults: readonly (readonly [string, string])[]): InputError {
	const listed: InputFault[] = faults.map(([path, message]) => ({ path, message }));
	return new InputError('this is no source that could be tried', listed);
}

/** Files that options name: what stands in one could be had from an answer, or from how it is refused. */
const FILES = ['tls.ca', 'tls.cert', 'tls.key', 'auth.certificate', 'auth.key', 'security.trust'];

function fileFault(config: CollectorConfig): [string, string] | undefined {
	const named = FILES.find((path) => path.split('.').reduce<unknown>(step, config) !== undefined);
	const message = 'names a file of the server; a trial through the page reads none: use sigmascope check --connect';
	if (named !== undefined) return [`$.${named}`, message];
	if (/"file:/.test(JSON.stringify(config))) return ['$', `a secret ${message}, or type the secret itself`];
	const { url } = config;
	if (typeof url === 'string' && url.startsWith('rtu:'))
		return ['$.url', 'is a serial device of the server; try it there: sigmascope check --connect'];
	return undefined;
}

function step(from: unknown, key: string): unknown {
	return typeof from === 'object' && from !== null && Object.hasOwn(from, key)
		? from[key as keyof typeof from]
		: undefined;
}
