import type { ApiViolation } from '#contracts/api.ts';

/** How much of the neighbourhood is shown on each side, as a share of the context's own length. */
const AROUND = 1.5;
const LEAST_MS = 2_000;

/** @returns the address of the stream's page, standing at the moment of the violation */
export function momentLink({ stream, context, firstAt, lastAt }: ApiViolation): string {
	const first = Date.parse(context.before[0]?.t ?? firstAt);
	const last = Date.parse(context.after.at(-1)?.t ?? context.at.at(-1)?.t ?? lastAt);
	const aroundMs = Math.max(LEAST_MS, (last - first) * AROUND);
	const from = new Date(first - aroundMs).toISOString();
	const to = new Date(last + aroundMs).toISOString();
	return `/streams/${encodeURIComponent(stream.id)}?from=${from}&to=${to}`;
}
