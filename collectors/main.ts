import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { messageOf } from '#contracts/error.ts';
import { systemClock } from './kit/clock.ts';
import { collectorsSetupSchema, type FromCollectors, type ToCollectors } from './messages.ts';
import { createCollectors } from './run.ts';

/**
 * The process of the collectors. A parent sends its setup over IPC and hears the status about once a second; when the
 * channel closes the process ends. By hand: `node collectors/main.ts setup.json`.
 */
const STATUS_EVERY_MS = 1000;
/** The end of the process when something does not let go. */
const END_WITHIN_MS = 900;

const log = pino({ base: { part: 'collectors' } });
const collectors = createCollectors({ log, clock: systemClock(), random: Math.random });
const status = setInterval(tell, STATUS_EVERY_MS);

function tell(): void {
	const message: FromCollectors = { status: collectors.status() };
	if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function configure(setup: unknown): void {
	const parsed = collectorsSetupSchema.safeParse(setup);
	if (!parsed.success) return fail(`cannot use this setup: ${parsed.error.message}`);
	collectors.configure(parsed.data).then(tell, (error: unknown) => fail(messageOf(error)));
}

function fail(message: string): void {
	log.fatal(message);
	process.exitCode = 1;
	end();
}

function end(): void {
	clearInterval(status);
	setTimeout(() => process.exit(), END_WITHIN_MS).unref();
	void collectors.stop().finally(() => process.exit());
}

function readSetup(file: string): unknown {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as unknown;
	} catch (error) {
		fail(`cannot read setup ${JSON.stringify(file)}: ${messageOf(error)}`);
		return undefined;
	}
}

process.on('SIGTERM', end);
process.on('SIGINT', end);
const [file] = process.argv.slice(2);
if (process.send) {
	process.on('message', (message: ToCollectors) => configure(message.configure));
	process.on('disconnect', end);
} else if (file === undefined) fail('nothing to run: start me with a parent, or with the path of a setup file');
else {
	const setup = readSetup(file);
	if (setup !== undefined) configure(setup);
}
