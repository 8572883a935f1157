import { Registry, collectDefaultMetrics } from 'prom-client';

/** A registry of its own, with the process's memory, CPU, garbage collection and event-loop delay in it. */
export function createMetrics(): Registry {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	return registry;
}
