import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { ConfigError, InputError, messageOf } from '#contracts/error.ts';
import { compose } from '#server/compose.ts';

/** Every process of the server: read the role, put the parts together, start, stop in reverse order. */
const MIN_NODE_MAJOR = 24;

/**
 * Buffers count towards the limit of all memory. By default 64 MB of new ones have everything looked at that the process holds,
 * and at full speed points bring that five times a second: a fifth of its processor time.
 */
setFlagsFromString('--external-memory-accounted-in-global-limit');

async function main(): Promise<void> {
	if (Number(process.versions.node.split('.')[0]) < MIN_NODE_MAJOR)
		throw new ConfigError(
			`cannot start: this is Node ${process.versions.node}; run \`npm start\`, which brings Node 24`,
		);
	const { values } = readArguments();
	if (values.role !== 'all')
		throw new ConfigError(`cannot start role "${values.role}": this version runs everything in one place, role "all"`);

	const app = await compose({ env: process.env });
	stopOn(['SIGINT', 'SIGTERM', 'disconnect'], () => app.stop());
	if (await app.start()) say(app.greeting());
	app.ended.catch(fail);
}

function readArguments() {
	try {
		return parseArgs({ options: { role: { type: 'string', default: 'all' } } });
	} catch (error) {
		throw new ConfigError(`${messageOf(error)}; the server takes --role all, and no more`);
	}
}

/** Once: a second signal does not start a second shutdown. The launcher's end (its IPC channel closes) counts as a signal. */
function stopOn(events: readonly string[], stop: () => Promise<void>): void {
	let stopping: Promise<void> | undefined;
	for (const event of events) {
		process.once(event, () => {
			stopping ??= stop().then(
				() => process.exit(0),
				(error: unknown) => fail(error),
			);
		});
	}
}

function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/** What a person can mend is one line; anything else is a fault of ours and shows its stack. */
function fail(error: unknown): never {
	const mendable = error instanceof ConfigError || error instanceof InputError;
	process.stderr.write(
		`sigmascope: ${mendable ? messageOf(error) : error instanceof Error ? error.stack : String(error)}\n`,
	);
	process.exit(1);
}

main().catch(fail);
