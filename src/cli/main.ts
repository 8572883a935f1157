import { ConfigError, InputError, messageOf } from '#contracts/error.ts';
import type { Command } from './command.ts';

const start: Command = {
	name: 'start',
	usage: 'start',
	does: 'run everything on this machine and open port 3000',
	run: async () => 0,
};

/**
 * `sigmascope COMMAND`, each read when it is asked for: most of the time of a short command was to load the others.
 * `start` is here for its words only: the launcher goes to src/main.ts for it.
 */
const COMMANDS = new Map<string, () => Promise<Command>>([
	['start', async () => start],
	['import', async () => (await import('./commands/import.ts')).importCommand],
	['export', async () => (await import('./commands/export.ts')).exportCommand],
	['analyze', async () => (await import('./commands/analyze.ts')).analyzeCommand],
	['check', async () => (await import('./commands/check.ts')).checkCommand],
	['collector', async () => (await import('./commands/collector.ts')).collectorCommand],
	['backup', async () => (await import('./commands/backup.ts')).backupCommand],
	['restore', async () => (await import('./commands/restore.ts')).restoreCommand],
	['doctor', async () => (await import('./commands/doctor.ts')).doctorCommand],
	['user', async () => (await import('./commands/user.ts')).userCommand],
	['version', async () => (await import('./commands/version.ts')).versionCommand],
]);

async function main(): Promise<number> {
	const [name, ...args] = process.argv.slice(2);
	const command = await COMMANDS.get(name ?? '')?.();
	if (command !== undefined && !args.includes('--help')) return command.run(args);
	const asked = name === undefined || name === 'help' || name === '--help' || command !== undefined;
	const text = command === undefined ? await overview() : `sigmascope ${command.usage}\n\n${command.does}`;
	if (asked) console.log(text);
	else console.error(`sigmascope: there is no command ${JSON.stringify(name)}\n\n${text}`);
	return asked ? 0 : 2;
}

async function overview(): Promise<string> {
	const commands = await Promise.all([...COMMANDS.values()].map((read) => read()));
	const width = Math.max(...commands.map((command) => command.usage.split('\n')[0]?.length ?? 0));
	const lines = commands.map((command) => `  ${(command.usage.split('\n')[0] ?? '').padEnd(width)}  ${command.does}`);
	return ['usage: sigmascope COMMAND', '', ...lines].join('\n');
}

/** What a person can mend is told in lines of its own; anything else is a fault of ours and shows its stack. */
function report(error: unknown): number {
	if (error instanceof InputError || error instanceof ConfigError || isUsage(error)) {
		console.error(`sigmascope: ${messageOf(error)}`);
		if (error instanceof InputError)
			for (const fault of error.faults) console.error(`  ${fault.path}: ${fault.message}`);
		return 2;
	}
	console.error(error);
	return 1;
}

function isUsage(error: unknown): boolean {
	return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

process.exitCode = await main().catch(report);
