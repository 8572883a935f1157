import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { CaseChange } from './port.ts';

export interface CaseMetrics {
	change(change: CaseChange): void;
	position(seq: number): void;
	restart(): void;
}

export function createCaseMetrics(registry: Registry | undefined): CaseMetrics {
	if (!registry) return { change() {}, position() {}, restart() {} };
	const registers = [registry];
	const changes = new Counter({
		name: 'sigmascope_violation_changes_total',
		help: 'Changes of violations that were committed',
		labelNames: ['change'],
		registers,
	});
	const position = new Gauge({
		name: 'sigmascope_cases_position',
		help: 'Journal position up to which verdicts have been applied',
		registers,
	});
	const restarts = new Counter({
		name: 'sigmascope_cases_restarts_total',
		help: 'Times that the reader of verdicts failed and began anew',
		registers,
	});
	return {
		change: (change) => changes.inc({ change }),
		position: (seq) => position.set(seq),
		restart: () => restarts.inc(),
	};
}
