import type { AlertMatch, AlertsConfig, RouteConfig } from '#contracts/alert-config.ts';
import { bitsOf, isAtLeast } from '#contracts/alert.ts';
import { globPattern } from '#contracts/glob.ts';
import type { Severity } from '#contracts/violation.ts';
import type { AlertOpening } from '../metadata/port-alerts.ts';
import { isMaintained, isWithin } from './hours.ts';

/** A route as it is asked for every violation that opens. */
export interface AlertRoute {
	readonly name: string;
	readonly config: RouteConfig;
	/** Bits of what it tells. */
	readonly mask: number;
	/** Whether what opens now is for it. */
	takes(opening: AlertOpening, nowMicros: number): boolean;
	/** What is told together; begins with the severity. */
	groupOf(opening: AlertOpening): string;
}

export function compileRoute(name: string, config: RouteConfig): AlertRoute {
	const matches = config.match === 'none' ? () => false : matcherOf(config.match);
	return {
		name,
		config,
		mask: bitsOf(config.on),
		takes(opening, nowMicros) {
			if (!isAtLeast(opening.violation.severity, config.minSeverity)) return false;
			if (opening.route !== name && !matches(opening)) return false;
			return config.during.length === 0 || isWithin(config.during, nowMicros);
		},
		groupOf: (opening) => groupOf(config.groupBy, opening),
	};
}

export function compileRoutes({ routes }: AlertsConfig): readonly AlertRoute[] {
	return Object.entries(routes).map(([name, config]) => compileRoute(name, config));
}

/** @returns whether somebody works on it just now */
export function maintenanceOf({ maintenance }: AlertsConfig): (opening: AlertOpening, nowMicros: number) => boolean {
	const windows = maintenance.map((window) => ({ window, matches: matcherOf(window.match) }));
	return (opening, nowMicros) =>
		windows.some(({ window, matches }) => matches(opening) && isMaintained(window, nowMicros));
}

export function severityOfGroup(group: string): Severity {
	return group.slice(0, group.indexOf(' ')) as Severity;
}

function groupOf(by: RouteConfig['groupBy'], { violation, stream }: AlertOpening): string {
	const of = { site: [], asset: [stream.asset], stream: [String(stream.id)] }[by];
	return [violation.severity, stream.site, ...of].join(' ');
}

function matcherOf(match: AlertMatch): (opening: AlertOpening) => boolean {
	const site = globs(match.site);
	const asset = globs(match.asset);
	const key = globs(match.stream);
	const rules = match.rule?.map(String);
	return ({ violation, stream }) =>
		site(stream.site) &&
		asset(stream.asset) &&
		key(stream.key) &&
		(rules?.includes(String(violation.rule)) ?? true) &&
		(match.severity?.includes(violation.severity) ?? true);
}

function globs(patterns: readonly string[] | undefined): (name: string) => boolean {
	if (!patterns) return () => true;
	const compiled = patterns.map(globPattern);
	return (name) => compiled.some((pattern) => pattern.test(name));
}
