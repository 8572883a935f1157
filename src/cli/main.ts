import { ConfigError, InputError, messageOf } from '#contracts/error.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { collectorCommand } from './commands/collector.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { restoreCommand } from './commands/restore.ts';
import { userCommand } from './commands/user.ts';
import { versionCommand } from './commands/version.ts';
import type { Command } from './command.ts';

/** `sigmascope COMMAND`. `start` is not here: the launcher goes to src/main.ts for it. */
const COMMANDS: readonly Command[] = [
	{ name: 'start', usage: 'start', does: 'run everything on this machine and open port 3000', run: async () => 0 },
	importCommand,
	exportCommand,
	analyzeCommand,
	checkCommand,
	collectorCommand,
	backupCommand,
	restoreCommand,
	doctorCommand,
	userCommand,
	versionCommand,
];

async function main(): Promise<number> {
	const [name, ...args] = process.argv.slice(2);
	const command = COMMANDS.find((one) => one.name === name);
	if (command !== undefined && !args.includes('--help')) return command.run(args);
	const asked = name === undefined || name === 'help' || name === '--help' || command !== undefined;
	const text = command === undefined ? overview() : `sigmascope ${command.usage}\n\n${command.does}`;
	if (asked) console.log(text);
	else console.error(`sigmascope: there is no command ${JSON.stringify(name)}\n\n${text}`);
	return asked ? 0 : 2;
}

function overview(): string {
	const width = Math.max(...COMMANDS.map((command) => command.usage.split('\n')[0]?.length ?? 0));
	const lines = COMMANDS.map((command) => `  ${(command.usage.split('\n')[0] ?? '').padEnd(width)}  ${command.does}`);
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
