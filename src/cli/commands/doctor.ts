import { parseArgs } from 'node:util';
import { parseDuration } from '#contracts/duration.ts';
import { ConfigError } from '#contracts/error.ts';
import { examine } from '#server/doctor.ts';
import type { Finding } from '#server/doctor/finding.ts';
import { describePlan, planFor, type Load } from '#server/doctor/plan.ts';
import type { Command } from '../command.ts';

const OPTIONS = {
	json: { type: 'boolean', default: false },
	plan: { type: 'boolean', default: false },
	'points-per-second': { type: 'string', default: '1000' },
	streams: { type: 'string', default: '1000' },
	retention: { type: 'string', default: '30d' },
	rollups: { type: 'string', default: '2y' },
} as const;

export const doctorCommand: Command = {
	name: 'doctor',
	usage: [
		'doctor [--json]',
		'doctor --plan [--points-per-second N] [--streams N] [--retention 30d] [--rollups 2y] [--json]',
		'  --json  for programs',
		'  --plan  what a machine needs for a load, from measured figures and their sources',
		'  exit code: 0 nothing fails, 1 something does',
	].join('\n'),
	does: 'look at disk, clock, ports, versions, limits and configuration; size a machine',
	async run(args) {
		const { values } = parseArgs({ args, options: OPTIONS });
		if (values.plan) {
			const load = loadOf(values);
			const sizing = planFor(load);
			console.log(values.json ? JSON.stringify({ load, ...sizing }, null, '\t') : describePlan(load, sizing));
			return 0;
		}
		const findings = await examine(process.env);
		console.log(values.json ? JSON.stringify({ findings }, null, '\t') : findings.map(spell).join('\n'));
		return findings.some(({ level }) => level === 'fail') ? 1 : 0;
	},
};

function spell({ level, check, found, mend }: Finding): string {
	return `${level.padEnd(4)}  ${check.padEnd(17)} ${found}${mend === null ? '' : `\n        → ${mend}`}`;
}

function loadOf(values: Readonly<Record<keyof typeof OPTIONS, string | boolean>>): Load {
	return {
		pointsPerSecond: numberOf('points-per-second', values['points-per-second']),
		streams: numberOf('streams', values.streams),
		pointsKeptSeconds: secondsOf('retention', values.retention),
		rollupsKeptSeconds: secondsOf('rollups', values.rollups),
	};
}

function numberOf(option: string, text: string | boolean): number {
	const number = Number(String(text).replaceAll('_', ''));
	if (Number.isFinite(number) && number > 0 && number <= 1e9) return number;
	throw new ConfigError(`--${option} ${JSON.stringify(text)} is no number above 0: write 1000 or 1e5`);
}

function secondsOf(option: string, text: string | boolean): number {
	const ms = parseDuration(String(text));
	if (ms === undefined)
		throw new ConfigError(`--${option} ${JSON.stringify(text)} is no duration: write 12h, 30d or 2y`);
	return ms / 1000;
}
