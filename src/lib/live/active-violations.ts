import type { ApiViolation } from '#contracts/api.ts';
import { violationCode } from '#lib/format/words.ts';

/** Which violations go on, by stream, as snapshots and events tell of them. */
export interface ActiveViolations {
	/** @returns marks of the rules that go on in this violation's stream, in order, each once */
	take(violation: ApiViolation): readonly string[];
	/** A snapshot is about to say anew what goes on in this stream. */
	forget(stream: string): void;
}

export function createActiveViolations(): ActiveViolations {
	const byStream = new Map<string, Map<string, ApiViolation>>();
	return {
		take(violation) {
			const { id } = violation.stream;
			const known = byStream.get(id) ?? new Map<string, ApiViolation>();
			byStream.set(id, known);
			if (violation.active && violation.state !== 'resolved') known.set(violation.id, violation);
			else known.delete(violation.id);
			return [...new Set([...known.values()].map(violationCode))].sort();
		},
		forget: (stream) => void byStream.delete(stream),
	};
}
