import { createT2 } from '#rules';
import type { Limits } from '#contracts/limits.ts';
import { RetriableError } from '#contracts/error.ts';
import type { Violation } from '#contracts/violation.ts';
import type { HttpPorts } from '#server/http/ports.ts';

type Together = NonNullable<Limits['together']>;
type Ports = Pick<HttpPorts, 'engine' | 'metadata' | 'store'>;

/** What is computed anew has to be what was judged, but for the order of a sum. */
const TOLERANCE = 1e-9;

/**
 * By how much T2 of a violation's first point would be less without each of its streams: who is at it is far above the others (the
 * conditional terms of Mason, Tracy and Young, JQT 27, 1995).
 *
 * From the stored points of the streams and the means and covariance of the limits that judged. Nothing where a point is
 * gone, or what they come to is not what was judged: no number rather than a wrong one.
 */
export async function contributionsOf(ports: Ports, violation: Violation): Promise<Readonly<Record<string, number>>> {
	if (violation.chart !== 't2') return {};
	const limits = (await ports.metadata.limits.of(violation.streamId)).find(({ id }) => id === violation.limitsId);
	if (limits?.together === undefined) return {};
	const x = await valuesAt(ports, limits.together, violation);
	const t2 = x && distance(limits.together, x);
	if (t2 === undefined || Math.abs(t2 - violation.value) > TOLERANCE * violation.value) return {};
	const parts = limits.together.streams.map((name, i) => {
		const without = distance(leave(limits.together!, i), x!.toSpliced(i, 1));
		return [`t2/${name}`, without === undefined ? NaN : t2 - without] as const;
	});
	return Object.fromEntries(parts.filter(([, part]) => Number.isFinite(part)));
}

async function valuesAt(
	{ engine, store }: Ports,
	{ streams }: Together,
	{ streamId, firstMicros }: Violation,
): Promise<number[] | undefined> {
	const inputs = engine.derivedFrom(streamId)?.streams ?? [];
	const ids = streams.map((name) => inputs.find(({ key }) => key.slice(key.indexOf('/') + 1) === name)?.id);
	if (ids.some((id) => id === undefined)) return undefined;
	try {
		const values = await Promise.all(ids.map(async (id) => (await store.lastPoints(id!, 1, firstMicros + 1)).v[0]));
		return values.every((v) => v !== undefined) ? values : undefined;
	} catch (error) {
		if (error instanceof RetriableError) return undefined;
		throw error;
	}
}

function distance({ mean, covariance }: Omit<Together, 'streams'>, x: readonly number[]): number | undefined {
	return createT2({ mean, covariance }, 1)?.(x);
}

function leave({ mean, covariance }: Together, i: number): Omit<Together, 'streams'> {
	return { mean: mean.toSpliced(i, 1), covariance: covariance.toSpliced(i, 1).map((row) => row.toSpliced(i, 1)) };
}
