import { Counter, Gauge, type Registry } from 'prom-client';
import type { ExportFormat } from '#contracts/export.ts';

/** How an export ended: read to its last byte, left by who reads, failed, or not begun. */
export type ExportEnd = 'done' | 'left' | 'failed' | 'refused';

/** One export as it is counted; a piece of its body after the other, and its end once. */
export interface CountedExport {
	piece(bytes: number): void;
	/** What comes after the first one is not heard. */
	end(how: ExportEnd): void;
}

/** @returns what counts one more export */
export function createExportMetrics(registry: Registry): (format: ExportFormat) => CountedExport {
	const registers = [registry];
	const running = new Gauge({ name: 'sigmascope_export_running', help: 'Exports under way; four at most', registers });
	const exports = new Counter({
		name: 'sigmascope_export_total',
		help: 'Exports by format, and by how they ended',
		labelNames: ['format', 'result'],
		registers,
	});
	const bytes = new Counter({
		name: 'sigmascope_export_bytes_total',
		help: 'Bytes of exports that were taken',
		labelNames: ['format'],
		registers,
	});
	return (format) => {
		let isOver = false;
		running.inc();
		return {
			piece: (count) => bytes.inc({ format }, count),
			end(how) {
				if (isOver) return;
				isOver = true;
				running.dec();
				exports.inc({ format, result: how });
			},
		};
	};
}
