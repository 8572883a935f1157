import type { ApiViolation } from '#contracts/api.ts';

/** Which violations go on, by stream, as snapshots and events tell of them. */
export interface ActiveViolations {
	/** @returns those that go on in this violation's stream, the oldest first */
	take(violation: ApiViolation): readonly ApiViolation[];
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
			if (known.size === 0) byStream.delete(id);
			return [...known.values()].sort((a, b) => Date.parse(a.firstAt) - Date.parse(b.firstAt));
		},
		forget: (stream) => void byStream.delete(stream),
	};
}
