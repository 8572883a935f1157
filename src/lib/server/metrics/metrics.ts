import { Counter, Registry, collectDefaultMetrics } from 'prom-client';

/** A registry of its own, with the process's memory, CPU, garbage collection and event-loop delay in it. */
export function createMetrics(): Registry {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	return registry;
}

/** @param counts lines by level since the start */
export function registerLogLines(registry: Registry, counts: () => Readonly<Record<string, number>>): void {
	new Counter({
		name: 'sigmascope_log_lines_total',
		help: 'Lines of the log, by level',
		labelNames: ['level'],
		registers: [registry],
		collect() {
			this.reset();
			for (const [level, count] of Object.entries(counts())) this.inc({ level }, count);
		},
	});
}
